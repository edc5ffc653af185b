"""Words of scanner operators in eight languages."""

from __future__ import annotations

import pytest

from vb_desktop.pipeline.scan_import.series_words import contrast_named, weighting_named

WITH = [
    "T1 CE", "t1_mprage_sag_p2_iso_gd", "AX T1 +C", "SAG T1 POST FS", "sT1W_3D_TFE_Gd", "T1 contrast-enhanced",
    "T1 post contrast without fat sat", "T1 KM", "t1 mpr nach Kontrastmittel", "T1 SE après injection", "T1 GADO",
    "T1 con contraste", "T1 con CIV", "T1增强", "增強T1", "造影T1", "Ｔ１造影後", "T1 조영증강", "조영 후 T1",
    "Т1 с контрастом", "Т1 с КУ",
]  # fmt: skip
WITHOUT = [
    "T1 pre", "AX T1 W/O", "T1W_3D_TFE non contrast", "T1 unenhanced", "T1 MPRAGE ohne KM", "t1 nativ",
    "T1 vor KM-Gabe", "T1 sans injection", "T1 avant gado", "T1 sin contraste", "T1平扫", "T1 增强前", "造影前T1",
    "T1 単純", "T1 조영전", "Т1 без КУ", "Т1 до контраста",
]  # fmt: skip


@pytest.mark.parametrize("description", WITH)
def test_with_contrast(description):
    with_, without = contrast_named(description)
    assert with_ and not without
    assert weighting_named(description) == "T1"


@pytest.mark.parametrize("description", WITHOUT)
def test_without_contrast(description):
    with_, without = contrast_named(description)
    assert without and not with_
    assert weighting_named(description) == "T1"


@pytest.mark.parametrize("description", ["T1 pre/post", "AX T1 W/WO", "T1 with and without contrast", "T1 mit/ohne KM"])
def test_both(description):
    assert all(contrast_named(description))


@pytest.mark.parametrize(
    "description",
    ["T1 post fossa", "T1 post-op", "T1 preop", "T1 強調", "T1 pre-sat", "phase contrast", "cerebellum", ""],
)
def test_says_nothing_of_contrast(description):
    assert contrast_named(description) == ("", "")


@pytest.mark.parametrize(
    ("description", "kind"),
    [
        ("T1 FLAIR", "T1"),
        ("SAG 3D BRAVO", "T1"),
        ("T2 FLAIR", "FLAIR"),
        ("t2*", "T2"),
        ("ep2d_diff_trace", "diffusion"),
        ("弥散", "diffusion"),
        ("DSC perfusion", "perfusion"),
        ("3D TOF", "angiography"),
        ("Localizer", "localiser"),
        ("定位像", "localiser"),
        ("T1 map", "derived map"),
        ("spine T12", ""),
        ("brain", ""),
    ],
)
def test_weighting(description, kind):
    assert weighting_named(description) == kind
