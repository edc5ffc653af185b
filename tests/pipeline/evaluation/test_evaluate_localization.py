import json

import numpy as np
import pytest
from PIL import Image

from vb_desktop.cli.app import run_app
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.evaluation.evaluate_localization import evaluate_localization
from vb_desktop.pipeline.evaluation.expert_cases import find_cases, is_enhancing
from vb_desktop.pipeline.evaluation.group_table import plain_summary, table
from vb_desktop.pipeline.evaluation.predictions import PredictedBox, Prediction, read_prediction, write_prediction

CORE = (slice(24, 30), slice(20, 27), slice(16, 22))


def predict(folder, case, core, shape=(40, 48, 40)):
    i, j, k = core
    boxes = [
        PredictedBox(k=n, i0=i.start, i1=i.stop, j0=j.start, j1=j.stop, confidence=0.9) for n in range(k.start, k.stop)
    ]
    write_prediction(folder, Prediction(case=case.name, sha256=case.sha256, detector="test", shape=shape, boxes=boxes))


def test_boxes_on_the_core_are_a_hit_and_boxes_elsewhere_are_not(make_cases, tmp_path):
    cases, cache, _ = make_cases(CORE, CORE, None)
    predict(tmp_path / "p", cases[0], CORE)
    predict(tmp_path / "p", cases[1], (slice(8, 14), slice(20, 27), slice(16, 22)))
    predict(tmp_path / "p", cases[2], (slice(8, 14), slice(20, 27), slice(10, 12)))
    right, wrong, control = evaluate_localization(cases, Config(), cache, predictions=tmp_path / "p")
    assert right.hit and right.group == "enhancing" and right.slices.iou_all == 1
    assert right.coarse.recall > 0.9 and right.coarse.precision > 0.6
    said, truth = right.measured["volume"]
    assert truth == pytest.approx(6 * 7 * 6 * 0.064) and 0.7 < said / truth < 2.5
    assert wrong.hit is False and wrong.slices.iou_all == 0 and wrong.slices.found_slices == 6
    assert control.group == "control" and control.hit is None and control.slices.false_slices == 2
    figures = plain_summary([right, wrong, control])
    assert figures["groups"]["enhancing"]["3D hit"] | {"low": 0, "high": 1} == {
        "value": 0.5,
        "low": 0,
        "high": 1,
        "n": 2,
    }
    assert figures["groups"]["enhancing, hit"]["3D hit"]["n"] == 1
    assert figures["false_positive_slices"]["control"]["with_box"] == 2
    text = table([right, wrong, control])
    assert "enhancing (n = 2)" in text and "control (n = 1)" in text and "box IoU" in text


def test_the_command_writes_figures_and_a_contact_sheet(make_cases, tmp_path, capsys):
    cases, cache, folder = make_cases(CORE, None)
    for case in cases:
        predict(tmp_path / "p", case, (slice(22, 32), slice(18, 29), slice(16, 22)))
    out, sheet = tmp_path / "metrics.json", tmp_path / "sheet.png"
    options = ["--predictions", str(tmp_path / "p"), "--work", str(cache), "--out", str(out), "--sheet", str(sheet)]
    assert run_app(["evaluate", "localization", str(folder), *options]) == 0
    figures = json.loads(out.read_text())
    assert [case["hit"] for case in figures["cases"]] == [True, None] and figures["predictions"] is True
    pixels = np.asarray(Image.open(sheet))
    for colour in ((255, 64, 64), (255, 220, 0)):  # the core's outline and the box
        assert (pixels == colour).all(axis=-1).any()
    assert "case0" in capsys.readouterr().out


def test_predictions_of_another_image_are_refused(make_cases, tmp_path):
    cases, _, _ = make_cases(CORE)
    predict(tmp_path, cases[0], CORE)
    assert len(read_prediction(tmp_path, "case0", cases[0].sha256, (40, 48, 40)).as_boxes()) == 6
    for name, sha, shape in (("case0", "0" * 64, (40, 48, 40)), ("case0", cases[0].sha256, (1, 2, 3)), ("x", "", (1,))):
        with pytest.raises(UnreadableScan):
            read_prediction(tmp_path, name, sha, shape)


def test_a_folder_without_cases_is_said(tmp_path):
    with pytest.raises(UnreadableScan, match="no case"):
        find_cases(tmp_path)
    assert run_app(["evaluate", "localization", str(tmp_path)]) == 1


def test_a_trace_of_enhancement_does_not_make_an_enhancing_tumour():
    labels = np.ones((30, 30, 30), np.uint8)
    assert not is_enhancing(labels, 0.001)
    labels[:5] = 4
    assert is_enhancing(labels, 0.001) and not is_enhancing(labels, 0.0001)
    labels[2:] = 1
    assert not is_enhancing(labels, 0.001)
