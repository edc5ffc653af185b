"""Words of scanner operators in many languages."""

from __future__ import annotations

import pytest

from vb_desktop.pipeline.scan_import.series_words import contrast_named, weighting_named

WITH = [
    "T1 CE", "t1_mprage_sag_p2_iso_gd", "AX T1 +C", "SAG T1 POST FS", "sT1W_3D_TFE_Gd", "T1 contrast-enhanced",
    "T1 post contrast without fat sat", "T1 KM", "t1 mpr nach Kontrastmittel", "T1 SE après injection", "T1 GADO",
    "T1 con contraste", "T1 con CIV", "T1增强", "增強T1", "造影T1", "Ｔ１造影後", "T1 조영증강", "조영 후 T1",
    "Т1 с контрастом", "Т1 с КУ", "T1 con mdc", "T1 dopo mezzo di contrasto", "T1 SE dopo", "T1 com contraste",
    "T1 pós contraste", "T1 PÓS", "T1 após gadolínio", "T1 met contrast", "T1 na gado", "T1 z kontrastem",
    "T1 med kontrast", "T1 kontrastlı", "T1 después de contraste", "T1 Gd(+)", "T1 造影あり", "T1 C+ FS", "T1 c/c",
]  # fmt: skip
WITHOUT = [
    "T1 pre", "AX T1 W/O", "T1W_3D_TFE non contrast", "T1 unenhanced", "T1 MPRAGE ohne KM", "t1 nativ",
    "T1 vor KM-Gabe", "T1 sans injection", "T1 avant gado", "T1 sin contraste", "T1平扫", "T1 增强前", "造影前T1",
    "T1 単純", "T1 조영전", "Т1 без КУ", "Т1 до контраста", "T1 senza mdc", "T1 prima del contrasto", "T1 basale",
    "T1 sem contraste", "T1 zonder contrast", "T1 blanco", "T1 bez kontrastu", "T1 uden kontrast", "T1 utan kontrast",
    "T1 kontrastsız", "T1 Gd(-)", "T1 造影(-)", "T1 C-", "T1_C-_AX", "T1 simple", "T1 antes de contraste",
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


@pytest.mark.parametrize(
    "description",
    ["T1 pre/post", "AX T1 W/WO", "T1 with and without contrast", "T1 mit/ohne KM", "T1 sin y con contraste"],
)
def test_both(description):
    assert all(contrast_named(description))


@pytest.mark.parametrize(
    "description",
    [
        "T1 post fossa",
        "T1 post-op",
        "T1 preop",
        "T1 強調",
        "T1 pre-sat",
        "phase contrast",
        "cerebellum",
        "",
        "T1 dopo chirurgia",
        "T1 pos 2",
        "T1 C-spine",
    ],
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
        ("difusión", "diffusion"),
        ("localizador 3 planos", "localiser"),
        ("ASSET calibration", "localiser"),
        ("true FISP", "T2"),
        ("sottrazione", "derived map"),
        ("spine T12", ""),
        ("brain", ""),
    ],
)
def test_weighting(description, kind):
    assert weighting_named(description) == kind
