"""`vb-desktop boxes`: what it lists, what it refuses, and what a correction changes on the demo case."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.phantom_case import make_case
from vb_desktop.assets import asset
from vb_desktop.cli.app import run_app
from vb_desktop.pipeline.case_folder import read_case, read_record


def test_the_list_shows_every_box_with_its_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_case(tmp_path / "case")
    count = len(read_record(folder).boxes)
    assert run_app(["boxes", str(folder), "list"]) == 0
    out = capsys.readouterr().out
    assert f"{count} of {count} boxes are in force." in out and out.count("builtin") >= count
    assert run_app(["boxes", str(folder), "list", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == count


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["add", "--k", "3", "--i", "9:4", "--j", "1:2"], 2, "such as 110:131"),
        (["add", "--k", "3", "--i", "x", "--j", "1:2"], 2, "such as 110:131"),
        (["add", "--k", "3", "--i", "1:4", "--j", "1:2", "--to-i", "1:2"], 2, "need --to-k"),
        (["undo"], 1, "no processed scan with boxes"),
        (["shrink"], 2, "shrink"),
    ],
)
def test_wrong_usage_and_a_case_without_boxes_end_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, said: str
) -> None:
    folder = make_case(tmp_path / "case")
    assert run_app(["boxes", str(folder), *arguments]) == status
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_a_correction_of_the_demo_case_moves_its_priors_and_can_be_undone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    demo, folder = asset("demo") / "case", tmp_path / "case"
    shutil.copytree(demo, folder)
    before = read_case(demo)
    last = before.record.boxes_in_force[-1]
    place = ["--i", f"{last.i0}:{last.i1}", "--j", f"{last.j0}:{last.j1}"]
    assert run_app(["boxes", str(folder), "add", "--k", str(last.k + 3), *place]) == 0
    after = read_case(folder)
    assert {name: stage.state for name, stage in after.record.stages.items()} == {
        "open": "cached", "process": "cached", "boxes": "cached", "localize": "done", "diagnose": "done",
        "report": "done",
    }  # fmt: skip
    prior, was = after.volume("coarse_prior"), before.volume("coarse_prior")
    assert prior is not None and was is not None
    assert prior.voxels[:, :, last.k + 3].max() > was.voxels[:, :, last.k + 3].max()
    assert "reader" in capsys.readouterr().out

    assert run_app(["boxes", str(folder), "undo"]) == 0
    back = read_case(folder)
    assert [box.id for box in back.record.boxes_in_force] == [box.id for box in before.record.boxes_in_force]
    for name in ("coarse_prior", "refined_prior", "mlp"):
        again, first = back.volume(name), before.volume(name)
        assert again is not None and first is not None and np.array_equal(again.voxels, first.voxels)
