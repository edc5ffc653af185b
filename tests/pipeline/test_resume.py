"""Going on: whatever happened before, the case is the one of an undisturbed run, and a reader's work is never lost."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from fake_stages import Fakes, Killed

from vb_desktop.installation import cache_folder
from vb_desktop.pipeline import draft as draft_module
from vb_desktop.pipeline import fingerprints, stage_files
from vb_desktop.pipeline import run_case as run_module
from vb_desktop.pipeline.case import Box
from vb_desktop.pipeline.case_folder import Case, append_log
from vb_desktop.pipeline.case_record import CaseRecord
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.correct_boxes import correct_boxes
from vb_desktop.pipeline.progress import Stage
from vb_desktop.pipeline.report import write_report
from vb_desktop.pipeline.run_case import run_case
from vb_desktop.pipeline.tumor_localizer.box_book import BoxBook

TIMES = ("case_id", "created")


def said(case: Case) -> dict[str, Any]:
    """What `case.json` says, apart from times and from whether a stage was taken from before."""
    record = case.record.model_dump(mode="json", exclude=set(TIMES))
    record["stages"] = {name: {"inputs": s["inputs"], "files": s["files"]} for name, s in record["stages"].items()}
    return record


def files(folder: Path) -> dict[str, bytes]:
    """Every file but the ones with times in them."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    timed = ("case.json", "log.jsonl", "report.pdf")
    return {p.relative_to(folder).as_posix(): b"" if p.name in timed else p.read_bytes() for p in paths}


def assert_same(case: Case, whole: Case) -> None:
    assert said(case) == said(whole)
    assert files(case.folder) == files(whole.folder)
    assert not list((cache_folder() / "drafts").iterdir())


def draft_folder(out: Path) -> Path:
    return draft_module._place(out) / "case"


def kill(fakes: Fakes, stage: str, run: Callable[[], object]) -> None:
    fakes.kill_in = stage
    with pytest.raises(Killed):
        run()
    fakes.kill_in = ""
    fakes.calls.clear()


def draw(book: BoxBook) -> BoxBook:
    box = Box(k=30, i0=10, i1=14, j0=10, j1=14, confidence=1.0, source="reader", author="r", time="2026-01-01T00:00:00")
    return book.add([box], "r", "2026-01-01T00:00:00")


@pytest.fixture(autouse=True)
def _quick_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the PDF looks like is not looked at here."""
    monkeypatch.setattr(write_report, "write_report", lambda case: (case.folder / "report.pdf").write_bytes(b"%PDF-"))


@pytest.fixture
def whole(fakes: Fakes, source: Path, tmp_path: Path) -> Case:
    case = run_case(source, tmp_path / "whole", Config())
    fakes.calls.clear()
    return case


DRAFT_FILES = [
    "scan.nii.gz", "patient.json", "brain_mask.nii.gz", "processed.nii.gz", "processed_mask.nii.gz",
    "transforms/transforms.json", "coarse_prior.nii.gz", "refined_prior.nii.gz", "mlp.nii.gz",
    "native/coarse_prior.nii.gz", "native/refined_prior.nii.gz",
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "damage"),
    [(name, "cut short") for name in (*DRAFT_FILES, "case.json", "log.jsonl")]
    + [("processed.nii.gz", "zeros"), ("patient.json", "zeros"), ("case.json", "zeros"), ("log.jsonl", "missing")]
    + [("patient.json", "missing"), ("mlp.nii.gz", "missing"), ("transforms/transforms.json", "missing")],
)
def test_a_draft_damaged_by_a_power_loss_is_noticed(
    fakes: Fakes, source: Path, tmp_path: Path, whole: Case, name: str, damage: str
) -> None:
    kill(fakes, "diagnose", lambda: run_case(source, tmp_path / "case", Config()))
    path = draft_folder(tmp_path / "case") / name
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(content[: len(content) // 2] if damage == "cut short" else bytes(len(content)))
    case = run_case(source, tmp_path / "case", Config(), resume=True)
    assert_same(case, whole)
    if name in DRAFT_FILES:
        assert "diagnose" in fakes.calls and len(fakes.calls) < 4, "only what depends on the file"


@pytest.mark.parametrize("name", ["refined_prior.nii.gz", "grad_cam_pcnsl.nii.gz", "native/grad_cam_other.nii.gz"])
def test_a_file_of_a_case_that_was_changed_is_computed_anew(
    fakes: Fakes, source: Path, tmp_path: Path, whole: Case, name: str
) -> None:
    case = run_case(source, tmp_path / "case", Config())
    (case.folder / name).write_bytes((case.folder / "mlp.nii.gz").read_bytes() + b"x")
    assert_same(run_case(source, tmp_path / "case", Config(), resume=True), whole)


def test_settings_changed_killed_and_changed_back_mix_nothing(
    fakes: Fakes, source: Path, tmp_path: Path, whole: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kill comes when the new files are there and the record of them is not."""
    run_case(source, tmp_path / "case", Config())
    other = Config.load(None, {"coarse.sigma_mm": 7.0})

    def written(*_: object) -> None:
        (draft_folder(tmp_path / "case") / "coarse_prior.nii.gz").write_bytes(b"of other settings")
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(stage_files, "write_localization", written)
        with pytest.raises(Killed):
            run_case(source, tmp_path / "case", other, resume=True)
    assert_same(run_case(source, tmp_path / "case", Config(), resume=True), whole)


@pytest.mark.parametrize("stage", ["process", "find", "localize", "diagnose"])
def test_a_killed_second_run_keeps_the_readers_boxes(fakes: Fakes, source: Path, tmp_path: Path, stage: str) -> None:
    run_case(source, tmp_path / "case", Config())
    corrected = correct_boxes(tmp_path / "case", draw)
    change = {"process": "bias_field.shrink=2", "find": "vlm.min_brain_mm2=1"}.get(stage, "refine.epochs=2")
    key, _, value = change.partition("=")
    if stage == "diagnose":
        key, value = "diagnose.without_prior", "true"
    other = Config.load(None, {key: value})
    kill(fakes, stage, lambda: run_case(source, tmp_path / "case", other, resume=True))
    case = run_case(source, tmp_path / "case", other, resume=True)
    assert case.record.box_edits == corrected.record.box_edits
    assert [box for box in case.record.boxes if box.source == "reader" and box.in_force]
    assert case.record.case_id == corrected.record.case_id and case.record.created == corrected.record.created


def test_until_keeps_the_readers_boxes_and_leaves_no_result_of_before(
    fakes: Fakes, source: Path, tmp_path: Path
) -> None:
    run_case(source, tmp_path / "case", Config())
    corrected = correct_boxes(tmp_path / "case", draw)
    case = run_case(source, tmp_path / "case", Config(), until=Stage.PROCESS, resume=True)
    assert case.record.status == "partial" and set(case.record.stages) == {"open", "process"}
    assert case.record.box_edits == corrected.record.box_edits
    assert not case.record.measurements and case.record.diagnosis is None
    assert all(remark.id.startswith("scan_import.") for remark in case.record.remarks)
    assert set(files(case.folder)) == {
        "case.json", "log.jsonl", "patient.json", "scan.nii.gz", "brain_mask.nii.gz", "processed.nii.gz",
        "processed_mask.nii.gz", "transforms/transforms.json",
    }  # fmt: skip
    assert_same(run_case(source, tmp_path / "case", Config(), resume=True), corrected)


def test_until_is_as_a_new_run_to_there(fakes: Fakes, source: Path, tmp_path: Path) -> None:
    run_case(source, tmp_path / "case", Config())
    for until in (Stage.LOCALIZE, Stage.PROCESS):
        fresh = run_case(source, tmp_path / f"fresh {until}", Config(), until=until)
        assert_same(run_case(source, tmp_path / "case", Config(), until=until, resume=True), fresh)


def test_nothing_of_one_scan_is_carried_to_another(fakes: Fakes, source: Path, tmp_path: Path) -> None:
    run_case(source, tmp_path / "case", Config())
    corrected = correct_boxes(tmp_path / "case", draw)
    image = nib.load(source)
    other = tmp_path / "other.nii.gz"
    nib.save(nib.Nifti1Image(np.asarray(image.dataobj) * 1.5, image.affine), other)
    for stage in ("process", "diagnose"):
        kill(fakes, stage, lambda: run_case(other, tmp_path / "case", Config(), resume=True))
    case = run_case(other, tmp_path / "case", Config(), resume=True)
    assert case.record.case_id != corrected.record.case_id
    assert not case.record.box_edits and all(box.source == "builtin" for box in case.record.boxes)
    assert_same(case, run_case(other, tmp_path / "fresh", Config()))


def test_a_scan_under_another_name_is_the_same_scan(fakes: Fakes, source: Path, tmp_path: Path) -> None:
    """Compressed otherwise, so the content differs: the voxels tell."""
    run_case(source, tmp_path / "case", Config())
    corrected = correct_boxes(tmp_path / "case", draw)
    plain = tmp_path / "copy.nii"
    nib.save(nib.load(source), plain)
    case = run_case(plain, tmp_path / "case", Config(), resume=True)
    assert case.record.box_edits == corrected.record.box_edits and case.record.case_id == corrected.record.case_id


def test_a_case_beside_its_images_does_not_count_as_their_content(
    fakes: Fakes, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    shutil.copy(source, folder / "scan.nii.gz")
    alone = fingerprints.content_hash(folder)
    (folder / "case").mkdir()
    (folder / "case" / "case.json").write_text("{}")
    assert fingerprints.content_hash(folder, without=folder / "case") == alone
    assert fingerprints.content_hash(folder) != alone


def test_every_setting_counts() -> None:
    """A section that no step depends on would leave an old result in the place of a new one."""
    heard = [section for sections in run_module._SETTINGS.values() for section in sections]
    assert sorted(heard) == sorted(Config.model_fields)
    assert set(run_module._SETTINGS) == set(run_module.STEPS) == set(run_module._RESULTS) == set(stage_files.FILES)


def test_every_field_of_the_record_is_thought_of() -> None:
    """Kept from before, or made anew by each run; a new one has to be put on one side."""
    anew = {"schema_", "status", "config", "provenance", "signoff"}
    assert set(CaseRecord.model_fields) == run_module._KEPT | anew


def test_a_result_says_with_which_versions_it_was_made(
    fakes: Fakes, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run_case(source, tmp_path / "case", Config()).record.provenance
    monkeypatch.setattr(fingerprints, "_version", lambda name: "99" if name == "torch" else first.packages[name])
    second = run_case(source, tmp_path / "case", Config.load(None, {"refine.tau": 0.5}), resume=True).record.provenance
    assert second.packages == first.packages | {"torch": f"{first.packages['torch']}, 99"}
    third = run_case(source, tmp_path / "case", Config(), force=True).record.provenance
    assert third.packages["torch"] == "99"


def test_a_log_line_that_was_cut_off_does_not_spoil_the_next(tmp_path: Path) -> None:
    append_log(tmp_path, "run")
    with (tmp_path / "log.jsonl").open("a") as file:
        file.write('{"time": "2026-01-01T0')
    append_log(tmp_path, "finished")
    events = [json.loads(line)["event"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert events == ["run", "finished"]


def test_what_ants_left_behind_is_not_published(fakes: Fakes, source: Path, tmp_path: Path, whole: Case) -> None:
    kill(fakes, "process", lambda: run_case(source, tmp_path / "case", Config()))
    left = draft_folder(tmp_path / "case") / "transforms" / "ants-abc"
    left.mkdir(parents=True)
    (left / "t1Warp.nii.gz").write_bytes(b"half")
    (draft_folder(tmp_path / "case") / "transforms" / "warp.nii.gz").write_bytes(b"of the killed run")
    assert_same(run_case(source, tmp_path / "case", Config(), resume=True), whole)


def test_the_clock_may_go_backwards(
    fakes: Fakes, source: Path, tmp_path: Path, whole: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill(fakes, "diagnose", lambda: run_case(source, tmp_path / "case", Config()))
    for path in draft_folder(tmp_path / "case").rglob("*"):
        os.utime(path, (2**32, 2**32))
    case = run_case(source, tmp_path / "case", Config(), resume=True)
    assert fakes.calls == ["diagnose"]
    assert_same(case, whole)
