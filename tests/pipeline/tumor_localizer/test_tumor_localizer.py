import numpy as np
import pytest

from tests.pipeline.tumor_localizer.conftest import FakeVLM, make_box, make_processed
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import LocalizationFailed
from vb_desktop.pipeline.progress import Stage
from vb_desktop.pipeline.tumor_localizer.tumor_localizer import TumorLocalizer
from vb_desktop.pipeline.tumor_localizer.vlm import VLM, read_prompt
from vb_desktop.pipeline.tumor_localizer.vlm_builtin import BuiltinDetector

BALL = [make_box(k, 27, 40, 18, 31) for k in range(18, 31)]


def ids(located):
    return [remark.id.split(".")[1] for remark in located.remarks]


def test_boxes_become_both_priors(blob_scan):
    vlm = FakeVLM(BALL[::-1])
    heard = []
    located = TumorLocalizer(Config(), vlm=vlm)(blob_scan, heard.append)
    assert [box.k for box in located.boxes] == list(range(18, 31))
    assert located.slices_looked_at == len(vlm.asked) > 13
    assert located.coarse_prior.volume.voxels[33, 24, 24] > 0.99
    assert located.refined_prior.volume.voxels[blob_scan.mask.voxels == 0].max() == 0
    assert set(located.seconds) == {"boxes", "coarse_prior", "refined_prior"}
    assert "not_a_vlm" not in ids(located)
    fractions = [progress.fraction for progress in heard]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    assert {progress.stage for progress in heard} == {Stage.LOCALIZE}


def test_no_box_is_a_result_without_priors(blob_scan):
    located = TumorLocalizer(Config(), vlm=FakeVLM())(blob_scan)
    assert located.boxes == () and located.coarse_prior is None and located.refined_prior is None
    assert located.slices_looked_at > 0


def test_only_slices_with_brain_are_shown_and_with_the_expert_prompt(blob_scan):
    vlm = FakeVLM()
    TumorLocalizer(Config(), vlm=vlm)(blob_scan)
    areas = (blob_scan.mask.voxels > 0).sum(axis=(0, 1))
    assert vlm.asked == np.flatnonzero(areas >= 500).tolist()
    for word in (
        "signal intensity",
        "Irregular boundary",
        "Oedema",
        "Midline asymmetry",
        "Likelihood",
        "bbox_2d",
        "1000",
    ):
        assert word in vlm.prompt


def test_boxes_are_clipped_to_the_volume_and_those_outside_the_brain_left_out(blob_scan):
    answers = [make_box(24, 30, 90, 20, 70), make_box(24, 0, 2, 0, 2), make_box(24, 60, 70, 0, 2)]
    located = TumorLocalizer(Config(), vlm=FakeVLM(answers))(blob_scan)
    assert [(b.i0, b.i1, b.j0, b.j1) for b in located.boxes] == [(30, 48, 20, 48)]
    assert located.remarks[0].id == "tumor_localizer.boxes_outside" and located.remarks[0].params["count"] == 2


def test_a_box_for_another_slice_than_asked_is_left_out(blob_scan):
    class Confused(FakeVLM):
        def boxes(self, processed, slices, prompt):
            for k in slices:
                yield k, [make_box(k + 1, 20, 25, 20, 25)] if k == 24 else []

    located = TumorLocalizer(Config(), vlm=Confused())(blob_scan)
    assert located.boxes == () and ids(located) == ["boxes_outside"]


def test_left_stays_left(blob_scan):
    located = TumorLocalizer(Config(), vlm=FakeVLM(BALL))(blob_scan)
    region = np.argwhere(located.refined_prior.volume.voxels > 0.5)
    assert blob_scan.volume.to_mm(region)[:, 0].min() > 0


def test_a_readers_boxes_replace_the_backends_without_asking_it(blob_scan):
    vlm = FakeVLM()
    boxes = tuple(make_box(k, 27, 40, 18, 31, source="reader") for k in range(18, 31))
    located = TumorLocalizer(Config(), vlm=vlm).with_boxes(blob_scan, boxes, 40)
    assert vlm.asked == [] and located.slices_looked_at == 40
    asked = TumorLocalizer(Config(), vlm=FakeVLM(boxes))(blob_scan)
    assert located.refined_prior.volume.voxels.tobytes() == asked.refined_prior.volume.voxels.tobytes()
    assert TumorLocalizer(Config(), vlm=vlm).with_boxes(blob_scan, (), 40).coarse_prior is None


def test_a_speck_says_that_there_is_no_region(blob_scan):
    config = Config().changed(coarse__dilation_mm=0.0, refine__mode="intersection")
    located = TumorLocalizer(config, vlm=FakeVLM([make_box(24, 33, 34, 24, 25)]))(blob_scan)
    assert {"no_region", "isolated_slices"} <= set(ids(located))


def test_no_brain_is_a_sentence():
    empty = make_processed(np.zeros((10, 10, 10)), np.pad(np.ones((2, 2, 2)), 4), np.eye(4))
    with pytest.raises(LocalizationFailed) as error:
        TumorLocalizer(Config(), vlm=FakeVLM())(empty)
    assert "brain" in error.value.sentence() and error.value.advice()


def test_an_unknown_prompt_names_those_that_are_there():
    with pytest.raises(LocalizationFailed, match="tumour_v1"):
        read_prompt("tumour_v0")


def test_backends_fit_the_protocol():
    assert isinstance(BuiltinDetector(), VLM) and isinstance(FakeVLM(), VLM)
    assert "not a VLM" in BuiltinDetector().name
