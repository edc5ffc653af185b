"""The PDF as a file: its text, its pages, its bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from report_cases import gate

from vb_desktop.pipeline.case import Identity
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import CaseFolderError
from vb_desktop.pipeline.report.write_report import write_report

RESEARCH = "Research use only, not a substitute for biopsy."
DEMO = "Demonstration model, trained on synthetic cases: not for clinical use."
SYNTHETIC = "Synthetic case: the tumour in this scan was drawn by a program."

VARIANTS: dict[str, dict[str, Any]] = {
    "done": {},
    "no tumour found": {"status": "no_tumour_found", "boxes": [], "layers": False},
    "withheld": {"status": "withheld", "gates": [gate("registration", "red")]},
    "thick slices": {"spacing": (1.5, 1.5, 6.0)},
    "oblique": {"spacing": (2.0, 2.0, 3.0), "angle": 14.0},
    "without identity": {"identity": Identity()},
    "letter": {"config": Config.load(None, {"report.page": "Letter"}).model_dump()},
}


def pages_of(path: Path) -> list[str]:
    return [" ".join(page.extract_text().replace("\xa0", " ").split()) for page in PdfReader(path).pages]


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_page_carries_what_must_not_be_lost(make_case: Callable[..., Case], variant: str) -> None:
    path = write_report(make_case(**VARIANTS[variant]))
    pages = pages_of(path)
    assert path.stat().st_size < 4_000_000
    assert len(pages) >= 2
    for number, text in enumerate(pages, start=1):
        assert RESEARCH in text
        assert DEMO in text
        assert SYNTHETIC in text
        assert f"Page {number} of {len(pages)}" in text
        assert "Case phantom-01" in text
        assert "2026-11-24 09:30 UTC" in text
        assert ("MRN-004711" in text) == (variant != "without identity")


@pytest.mark.parametrize("variant", ["no tumour found", "withheld"])
def test_no_probability_is_printed_without_a_diagnosis_to_show(make_case: Callable[..., Case], variant: str) -> None:
    text = " ".join(pages_of(write_report(make_case(**VARIANTS[variant]))))
    for word in ("68 %", "PCNSL", "Germinoma", "prediction set", "Grad-CAM,"):
        assert word not in text


def test_a_real_case_does_not_say_it_is_synthetic(make_case: Callable[..., Case]) -> None:
    text = " ".join(pages_of(write_report(make_case(synthetic=False))))
    assert SYNTHETIC not in text


def test_the_same_case_gives_the_same_bytes(make_case: Callable[..., Case], tmp_path: Path) -> None:
    case = make_case()
    first = write_report(case, tmp_path / "first.pdf").read_bytes()
    second = write_report(case, tmp_path / "second.pdf").read_bytes()
    assert first == second


def test_markup_in_a_name_is_printed_as_it_stands(make_case: Callable[..., Case]) -> None:
    name = '<para><font color="red">X & Y</font></para>'
    identity = Identity(name=name, patient_id="</para>{0}%s", study_description='<img src="file:///etc/passwd"/>')
    pages = pages_of(write_report(make_case(identity=identity)))
    assert all(name in text for text in pages)
    first = "".join(pages[0].split())  # a narrow cell breaks it
    assert "</para>{0}%s" in first
    assert "".join('<img src="file:///etc/passwd"/>'.split()) in first


def test_a_chinese_name_is_embedded_and_can_be_read_back(make_case: Callable[..., Case]) -> None:
    path = write_report(make_case(identity=Identity(name="张三丰^Zhang", patient_id="病历-0042")))
    for page in PdfReader(path).pages:
        text = "".join(page.extract_text().split())  # a line break where the font changes
        assert "张三丰^Zhang" in text
        assert "病历-0042" in text
        fonts = page["/Resources"]["/Font"]  # type: ignore[index]
        for font in fonts.values():
            descriptor = font.get_object().get("/FontDescriptor")
            assert descriptor is not None and "/FontFile2" in descriptor.get_object()


def test_endless_strings_do_not_break_the_layout(make_case: Callable[..., Case]) -> None:
    identity = Identity(name="Wolfeschlegelstein" * 40, patient_id="9" * 4000, study_description="very long " * 900)
    pages = pages_of(write_report(make_case(identity=identity, case_id="z" * 500)))
    assert 2 <= len(pages) <= 9
    assert all(RESEARCH in text and "ID 999" in text for text in pages)


def test_the_report_says_how_the_oblique_slices_lie(make_case: Callable[..., Case]) -> None:
    text = " ".join(pages_of(write_report(make_case(**VARIANTS["oblique"]))))
    assert "oblique by 14 degrees" in text


def test_metadata_and_bookmarks(make_case: Callable[..., Case]) -> None:
    reader = PdfReader(write_report(make_case()))
    assert reader.metadata is not None
    assert "Doe" not in str(reader.metadata)  # no identity where a file manager shows it
    assert "phantom-01" in str(reader.metadata.title)
    assert reader.metadata.subject == RESEARCH
    titles = [entry.title for entry in reader.outline]  # type: ignore[union-attr]
    assert {"Class probabilities", "Key axial slices", "Quality gates", "Provenance"} <= set(titles)
    assert reader.trailer["/Root"]["/Lang"] == "en"  # type: ignore[index]


def test_nothing_half_written_is_left_where_the_folder_refuses(make_case: Callable[..., Case], tmp_path: Path) -> None:
    case = make_case()
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CaseFolderError) as refused:
        write_report(case, tmp_path / "file" / "report.pdf")
    assert refused.value.message.id == "report.no_write"
    assert [path.name for path in case.folder.glob("*.pdf")] == []


def test_a_damaged_layer_is_an_error_of_the_case(make_case: Callable[..., Case]) -> None:
    case = make_case()
    case.path("refined_prior", "native").write_bytes(b"no NIfTI")
    with pytest.raises(CaseFolderError):
        write_report(case)
    assert not (case.folder / "report.pdf").exists()


def test_the_report_is_written_into_the_case_folder(make_case: Callable[..., Case]) -> None:
    case = make_case()
    path = write_report(case)
    assert path == case.folder / "report.pdf"
    assert not list(case.folder.glob(".*tmp*"))
