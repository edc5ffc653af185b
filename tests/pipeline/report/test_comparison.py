"""Two scans of one head, moved and with a lesion that has grown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader
from report_cases import IDENTITY, head

from vb_desktop.pipeline.case import Identity, Volume
from vb_desktop.pipeline.case_folder import Case, read_case, write_record, write_volume
from vb_desktop.pipeline.measurement.measure import measure
from vb_desktop.pipeline.measurement.same_head import overlap
from vb_desktop.pipeline.report import comparison
from vb_desktop.pipeline.report.comparison import Change, compare, lines, write_comparison
from vb_desktop.pipeline.report.known_error import KnownError

SPACING = (2.5, 2.5, 3.0)


@pytest.fixture(scope="module")
def turned() -> np.ndarray:
    """How the head lies at the second visit: turned by 7 degrees about its length, and shifted."""
    c, s = np.cos(np.radians(7)), np.sin(np.radians(7))
    return np.array([[c, -s, 0, 6.0], [s, c, 0, -4.0], [0, 0, 1, 5.0], [0, 0, 0, 1]])


def later_of(earlier: Case, folder: Path, way: np.ndarray, grown: bool = True) -> Case:
    """The same head, moved; its region larger by what exceeds 0.1 instead of 0.5."""
    for name in ("scan", "brain_mask"):
        volume = earlier.volume(name)
        assert volume is not None
        write_volume(folder / f"{name}.nii.gz", Volume(volume.voxels, way @ volume.affine))
    prior = earlier.volume("refined_prior", "native")
    assert prior is not None
    voxels = np.clip(prior.voxels + 0.4 * (prior.voxels > 0.1), 0, 1) if grown else prior.voxels
    moved = Volume(voxels.astype(np.float32), way @ prior.affine)
    write_volume(folder / "native" / "refined_prior.nii.gz", moved)
    scan = Volume(head(SPACING)["scan"].voxels, moved.affine)
    record = earlier.record.model_copy(update={"measurements": measure(moved, scan, None), "case_id": "phantom-02"})
    write_record(folder, record)
    return read_case(folder)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory, turned: np.ndarray) -> tuple[Case, Case]:
    from report_cases import write_case

    folder = tmp_path_factory.mktemp("pair")
    earlier = write_case(folder / "earlier", spacing=SPACING)
    return earlier, later_of(earlier, folder / "later", turned)


@pytest.fixture(scope="module")
def found(pair: tuple[Case, Case]) -> comparison.Comparison:
    return compare(*pair)


def test_the_heads_lie_on_each_other(found: comparison.Comparison) -> None:
    assert found.head.similarity > 0.9
    assert found.regions is not None
    later = found.later.volume("refined_prior", "native")
    assert later is not None
    whole = float((later.voxels > 0.5).sum()) * later.voxel_ml
    assert found.regions.both + found.regions.new == pytest.approx(whole, rel=0.01)
    assert found.regions.vanished < 0.06 * whole  # the earlier region lies inside the one that has grown


def test_the_change_is_that_of_the_two_measurements(found: comparison.Comparison) -> None:
    volume = found.changes[0]
    assert volume.item == "volume"
    assert volume.share == pytest.approx(volume.after / volume.before - 1)
    assert volume.share is not None and volume.share > 0.2
    assert volume.beyond_error is None  # the detector of the phantom has no card
    assert "compare.no_error" in found.remarks
    said = lines(found)
    assert said[0].startswith("Volume: ")
    assert "error not evaluated" in said[0]


@pytest.mark.parametrize(("after", "beyond"), [(10.5, False), (14.0, True), (6.0, True)])
def test_a_change_is_held_against_the_error_of_a_difference(after: float, beyond: bool) -> None:
    assert Change("volume", 10.0, after, 0.25).beyond_error is beyond


def test_errors_of_both_cases_add_up(pair: tuple[Case, Case], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparison, "known_errors", lambda case: {"diameter_long": KnownError(3.0, 17, True)})
    changes = {change.item: change for change in comparison._changes(*pair)}
    assert changes["diameter_long"].error == pytest.approx(3.0 * 2**0.5)
    assert changes["volume"].error is None


def test_other_patients_and_other_orders_are_remarked_on(found: comparison.Comparison, tmp_path: Path) -> None:
    earlier, later = found.earlier, found.later
    other = Case(later.folder, later.record, Identity(patient_id="another", study_date="2020-01-01"))
    assert earlier.identity == IDENTITY
    remarks = comparison._remarks(earlier, other, found.head)
    assert {"compare.other_patient", "compare.order"} <= set(remarks)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_pages_show_both_scans(found: comparison.Comparison, tmp_path: Path, language: str) -> None:
    reader = PdfReader(write_comparison(found, tmp_path / "change.pdf", language))
    text = " ".join("".join(page.extract_text().split()) for page in reader.pages)
    assert "phantom-01" in text and "phantom-02" in text
    assert sum(len(page.images) for page in reader.pages) == 6
    assert len(reader.pages) <= 2


def test_overlap_counts_what_is_common_new_and_gone() -> None:
    before, after = np.zeros((4, 4, 4)), np.zeros((4, 4, 4))
    before[:2], after[1:4] = 1, 1
    found = overlap(before, after, 0.5)
    assert (found.both, found.vanished, found.new) == (8.0, 8.0, 16.0)
    assert found.dice == pytest.approx(16 / 40)


def test_a_case_without_scan_is_refused(make_case: Callable[..., Case]) -> None:
    from vb_desktop.pipeline.errors import VBError

    case = make_case()
    case.path("scan").unlink()
    with pytest.raises(VBError) as refused:
        compare(case, case)
    assert refused.value.message.id == "report.compare_no_scan"
