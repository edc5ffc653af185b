"""The stages in their order over one folder: states, statuses, what is taken from before, what is never shown."""

from __future__ import annotations

import json
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from fake_stages import BOXES, Fakes, Killed

from vb_desktop.pipeline import stage_files
from vb_desktop.pipeline.case import (
    ProcessedScan,
)
from vb_desktop.pipeline.case_folder import Case, read_case, write_record
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.correct_boxes import correct_boxes
from vb_desktop.pipeline.errors import CaseFolderError, ProcessingFailed, VBError
from vb_desktop.pipeline.progress import Stage
from vb_desktop.pipeline.run_case import run_case


def states(case: Case) -> dict[str, str]:
    return {name: stage.state for name, stage in case.record.stages.items()}


def test_a_run_writes_the_case_folder_of_the_contract(fakes: Fakes, source: Path, tmp_path: Path) -> None:
    case = run_case(source, tmp_path / "case", Config())
    names = {p.relative_to(case.folder).as_posix() for p in case.folder.rglob("*") if p.is_file()}
    assert {
        "case.json", "patient.json", "scan.nii.gz", "brain_mask.nii.gz", "processed.nii.gz", "processed_mask.nii.gz",
        "coarse_prior.nii.gz", "refined_prior.nii.gz", "mlp.nii.gz", "grad_cam_glioma.nii.gz", "grad_cam_pcnsl.nii.gz",
        "grad_cam_germinoma.nii.gz", "grad_cam_other.nii.gz", "native/coarse_prior.nii.gz",
        "native/refined_prior.nii.gz",
        "native/grad_cam_glioma.nii.gz", "report.pdf", "log.jsonl", "transforms/transforms.json",
    } <= names  # fmt: skip
    assert case.record.status == "done"
    assert states(case) == dict.fromkeys(["open", "process", "boxes", "localize", "diagnose", "report"], "done")
    assert case.record.stages["process"].parts == {"bias_field": 0.5}
    assert case.record.config["refine"]["tau"] == Config().refine.tau
    assert case.record.provenance.models
    assert [m.id for m in case.record.measurements]
    assert (case.folder / "report.pdf").read_bytes()[:5] == b"%PDF-"


def test_boxes_keep_their_place_in_native_space(fakes: Fakes, source: Path, tmp_path: Path) -> None:
    case = run_case(source, tmp_path / "case", Config(), until=Stage.LOCALIZE)
    corners = np.array(case.record.boxes[0].native_corners_mm)
    assert np.allclose(corners.min(axis=0), [23.5 * 4 - 80, 19.5 * 4 - 88, 14 * 4 - 72], atol=0.02)
    assert np.allclose(corners.max(axis=0), [29.5 * 4 - 80, 26.5 * 4 - 88, 14 * 4 - 72], atol=0.02)


def test_no_box_is_a_result_without_probabilities(fakes: Fakes, source: Path, tmp_path: Path) -> None:
    fakes.boxes = ()
    case = run_case(source, tmp_path / "case", Config())
    assert case.record.status == "no_tumour_found"
    assert case.record.diagnosis is None and case.record.measurements == []
    assert states(case)["diagnose"] == "skipped"
    assert fakes.calls == ["process", "find", "localize"]
    assert not list(case.folder.rglob("grad_cam*")) and not list(case.folder.rglob("*prior*"))
    assert case.record.slices_looked_at == 20


def test_a_red_gate_withholds_the_diagnosis_until_it_is_accepted(fakes: Fakes, source: Path, tmp_path: Path) -> None:
    fakes.gate = "red"
    case = run_case(source, tmp_path / "case", Config())
    assert case.record.status == "withheld" and case.record.diagnosis is None and not case.shows_diagnosis
    assert not list(case.folder.rglob("grad_cam*"))
    case = run_case(source, tmp_path / "case", Config(), resume=True, accept_gates=["a_gate"])
    assert case.record.status == "done" and case.shows_diagnosis
    assert case.record.gates[0].state == "red" and case.record.gates[0].accepted_by
    assert fakes.calls == ["process", "find", "localize", "diagnose"]
    log = [json.loads(line) for line in (case.folder / "log.jsonl").read_text().splitlines()]
    assert any(line["event"] == "gate accepted" and line["by"] for line in log)


def test_an_unknown_gate_is_said(fakes: Fakes, source: Path, tmp_path: Path) -> None:
    with pytest.raises(VBError) as error:
        run_case(source, tmp_path / "case", Config(), accept_gates=["no_such_gate"])
    assert error.value.message.id == "case.gate_unknown" and "a_gate" in error.value.sentence()


@pytest.mark.parametrize("key", ["skull_stripping.method", "registration.method", "vlm.backend", "diagnose.backbone"])
def test_an_unknown_plugin_is_said_before_any_work(fakes: Fakes, source: Path, tmp_path: Path, key: str) -> None:
    with pytest.raises(VBError) as error:
        run_case(source, tmp_path / "case", Config.load(None, {key: "no-such"}))
    assert error.value.message.id == "plugin.unknown" and "no-such" in error.value.sentence()
    assert fakes.calls == []


def test_nothing_that_has_not_changed_runs_again(fakes: Fakes, source: Path, tmp_path: Path) -> None:
    first = run_case(source, tmp_path / "case", Config())
    again = run_case(source, tmp_path / "case", Config(), resume=True)
    assert fakes.calls == ["process", "find", "localize", "diagnose"]
    assert set(states(again).values()) == {"cached", "done"} and states(again)["diagnose"] == "cached"
    assert again.record.diagnosis == first.record.diagnosis and again.record.boxes == first.record.boxes
    assert again.record.case_id == first.record.case_id


@pytest.mark.parametrize(
    ("change", "again"),
    [
        ({"refine.tau": 0.5}, ["localize", "diagnose"]),
        ({"bias_field.shrink": 2}, ["process", "find", "localize", "diagnose"]),
        ({"report.page": "Letter"}, []),
    ],
)
def test_a_changed_setting_runs_what_depends_on_it(
    fakes: Fakes, source: Path, tmp_path: Path, change: dict[str, object], again: list[str]
) -> None:
    run_case(source, tmp_path / "case", Config())
    fakes.calls.clear()
    run_case(source, tmp_path / "case", Config.load(None, change), resume=True)
    assert fakes.calls == again


def test_a_correction_runs_what_depends_on_the_boxes(fakes: Fakes, source: Path, tmp_path: Path) -> None:
    before = run_case(source, tmp_path / "case", Config())
    first = before.record.boxes[0].id
    fakes.calls.clear()
    case = correct_boxes(tmp_path / "case", lambda book: book.delete([first], "reader-1", "2026-01-02T03:04:05"))
    assert fakes.calls == ["localize", "diagnose"]
    assert states(case) == {"open": "cached", "process": "cached", "boxes": "cached"} | dict.fromkeys(
        ["localize", "diagnose", "report"], "done"
    )
    assert [box.id for box in case.record.boxes] == [box.id for box in before.record.boxes]
    assert [box.id for box in case.record.boxes if not box.in_force] == [first]
    edit = case.record.box_edits[0]
    assert (edit.action, edit.replaced, edit.author) == ("delete", [first], "reader-1")
    assert "tumor_localizer.reader_edits" in [remark.id for remark in case.record.remarks]

    again = run_case(source, tmp_path / "case", Config.load(None, {"coarse.sigma_mm": 3.0}), resume=True)
    assert again.record.boxes == case.record.boxes and again.record.box_edits == case.record.box_edits
    back = correct_boxes(tmp_path / "case", lambda book: book.undo())
    assert len(back.record.boxes_in_force) == len(BOXES) and back.record.box_edits[0].undone
    assert [remark.id for remark in back.record.remarks] == [remark.id for remark in before.record.remarks]


def test_all_boxes_taken_out_is_no_tumour_and_no_probabilities(fakes: Fakes, source: Path, tmp_path: Path) -> None:
    run_case(source, tmp_path / "case", Config())
    case = correct_boxes(tmp_path / "case", lambda book: book.delete(list(book.in_force), "r", "t"))
    assert case.record.status == "no_tumour_found" and case.record.diagnosis is None
    assert not list(case.folder.rglob("grad_cam*")) and not list(case.folder.rglob("*prior*"))
    assert len(case.record.boxes) == len(BOXES)


def test_a_signed_case_and_one_without_boxes_are_refused(fakes: Fakes, source: Path, tmp_path: Path) -> None:
    case = run_case(source, tmp_path / "case", Config(), until=Stage.PROCESS)
    with pytest.raises(VBError) as error:
        correct_boxes(case.folder, lambda book: book.undo())
    assert error.value.message.id == "tumor_localizer.no_boxes_yet"
    write_record(case.folder, case.record.model_copy(update={"signoff": {"by": "reader-1"}}))
    with pytest.raises(VBError) as error:
        correct_boxes(case.folder, lambda book: book.undo())
    assert error.value.message.id == "tumor_localizer.signed"


def test_a_changed_source_runs_everything(fakes: Fakes, source: Path, tmp_path: Path) -> None:
    run_case(source, tmp_path / "case", Config())
    fakes.calls.clear()
    image = nib.load(source)
    nib.save(nib.Nifti1Image(np.asarray(image.dataobj) * 1.5, image.affine), source)
    run_case(source, tmp_path / "case", Config(), resume=True)
    assert fakes.calls == ["process", "find", "localize", "diagnose"]


@pytest.mark.parametrize("stage", ["process", "find", "localize", "diagnose"])
def test_killed_and_resumed_is_the_same_as_undisturbed(fakes: Fakes, source: Path, tmp_path: Path, stage: str) -> None:
    whole = run_case(source, tmp_path / "whole", Config())
    fakes.kill_in = stage
    with pytest.raises(Killed):
        run_case(source, tmp_path / "killed", Config())
    assert not (tmp_path / "killed").exists()
    fakes.kill_in = ""
    resumed = run_case(source, tmp_path / "killed", Config(), resume=True)
    for path in whole.folder.rglob("*.nii.gz"):
        assert path.read_bytes() == (resumed.folder / path.relative_to(whole.folder)).read_bytes()
    skip = {"case_id", "created", "stages"}
    assert resumed.record.model_dump(exclude=skip) == whole.record.model_dump(exclude=skip)
    assert {n: s.inputs for n, s in resumed.record.stages.items()} == {
        n: s.inputs for n, s in whole.record.stages.items()
    }


def test_until_leaves_a_partial_case(fakes: Fakes, source: Path, tmp_path: Path) -> None:
    case = run_case(source, tmp_path / "case", Config(), until=Stage.PROCESS)
    assert case.record.status == "partial" and list(states(case)) == ["open", "process"]
    assert not (case.folder / "report.pdf").exists()
    case = run_case(source, tmp_path / "case", Config(), resume=True)
    assert case.record.status == "done" and fakes.calls == ["process", "find", "localize", "diagnose"]


def test_a_failing_stage_leaves_no_case(
    fakes: Fakes, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> ProcessedScan:
        raise ProcessingFailed("case.out_of_memory")

    monkeypatch.setattr(fakes, "process", fail)
    with pytest.raises(ProcessingFailed):
        run_case(source, tmp_path / "case", Config())
    assert not (tmp_path / "case").exists()


def test_identity_stays_in_its_files(fakes: Fakes, source: Path, tmp_path: Path) -> None:
    named = source.rename(tmp_path / "Doe_Jane.nii.gz")
    case = run_case(named, tmp_path / "case", Config())
    for name in ("case.json", "log.jsonl"):
        text = (case.folder / name).read_text()
        assert "Doe_Jane" not in text and str(tmp_path) not in text, "a file's name can hold a patient's"
    for stage in case.record.stages.values():
        assert {name: sha for name, sha in stage.files.items() if sha and name in stage_files.IDENTITY} == {}
    assert case.record.stages["open"].files["patient.json"] == "", "a hash can be used to guess what it is of"
    assert read_case(case.folder).identity == case.identity


def test_a_foreign_case_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "case.json").write_text('{"schema": 1, "evil": true}')
    with pytest.raises(CaseFolderError) as error:
        read_case(tmp_path / "case")
    assert error.value.message.id == "case.not_a_case"
