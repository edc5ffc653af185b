from pathlib import Path

import numpy as np
import pytest

from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.tumor_localizer.tumor_localizer import TumorLocalizer
from vb_desktop.pipeline.tumor_localizer.vlm_rules import RuleDetector

RULES = Config().changed(vlm__backend="rules")
PLACE = (28.0, -8.0, 22.0)


def boxes_of(processed):
    return [
        box for _, found in RuleDetector().boxes(processed, range(processed.mask.voxels.shape[2]), "") for box in found
    ]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_nothing_is_marked_in_the_healthy_template(template_brain, seed):
    assert boxes_of(template_brain(seed)) == []


@pytest.mark.parametrize("seed, place", [(0, PLACE), (1, (-26.0, 20.0, 20.0)), (2, (24.0, -50.0, 30.0))])
def test_a_ring_is_found_on_its_own_side(template_brain, seed, place):
    processed = template_brain(seed, place)
    boxes = boxes_of(processed)
    assert boxes
    centre = processed.volume.to_index(np.array([place]))[0]
    middle = next(box for box in boxes if box.k == round(centre[2]))
    assert abs((middle.i0 + middle.i1 - 1) / 2 - centre[0]) < 3 and abs((middle.j0 + middle.j1 - 1) / 2 - centre[1]) < 3
    assert 18 <= middle.i1 - middle.i0 <= 34
    x = [processed.volume.to_mm(np.array([[(b.i0 + b.i1) / 2, 0, 0]]))[0, 0] for b in boxes]
    assert min(np.sign(place[0]) * value for value in x) > 0
    assert all(box.source == "builtin" and 0 < box.confidence < 1 for box in boxes)
    assert "brighter" in middle.text and "SD" in middle.text and "mm2" in middle.text


def test_the_localizer_says_that_no_vlm_has_looked(template_brain):
    located = TumorLocalizer(RULES)(template_brain(0, PLACE))
    assert located.remarks[0].id == "tumor_localizer.not_a_vlm"
    volume = located.refined_prior.volume
    near = np.linalg.norm(volume.to_mm(np.argwhere(volume.voxels > 0.5)).mean(axis=0) - np.array(PLACE))
    assert near < 4
    healthy = TumorLocalizer(RULES)(template_brain(0))
    assert healthy.boxes == () and [r.id for r in healthy.remarks] == ["tumor_localizer.not_a_vlm"]


def process_affine(path: Path, work: Path):
    import nibabel as nib

    from vb_desktop.pipeline.case import Scan, Volume
    from vb_desktop.pipeline.mri_processor.mri_processor import MRIProcessor

    image = nib.as_closest_canonical(nib.load(path))
    scan = Scan(volume=Volume(np.asarray(image.dataobj, dtype=np.float32), image.affine.astype(np.float64)))
    changes = {"input.space": "skull-stripped", "registration.kind": "affine", "registration.spacing_mm": 4.0}
    return MRIProcessor(Config.load(None, changes))(scan, work), image


@pytest.mark.data
@pytest.mark.slow
def test_the_tumour_of_a_real_case_is_hit(data_folder, tmp_path):
    import nibabel as nib

    folder = data_folder / "tumours3d" / "BraTS2021_00006"
    processed, image = process_affine(folder / "t1ce.nii.gz", tmp_path)
    located = TumorLocalizer(RULES)(processed)
    core = np.isin(np.asarray(nib.as_closest_canonical(nib.load(folder / "seg.nii.gz")).dataobj), (1, 4))
    region = processed.to_native(located.refined_prior.volume).voxels > 0.5
    both = np.count_nonzero(region & core)
    assert both / core.sum() > 0.8 and both / region.sum() > 0.4
    distance = np.linalg.norm(
        (np.argwhere(region).mean(axis=0) - np.argwhere(core).mean(axis=0)) * image.header.get_zooms()[:3]
    )
    assert distance < 6


@pytest.mark.data
@pytest.mark.slow
def test_nothing_is_marked_in_a_real_healthy_brain(data_folder, tmp_path):
    processed, _ = process_affine(data_folder / "controls" / "MR_Gd" / "t1ce.nii.gz", tmp_path)
    located = TumorLocalizer(RULES)(processed)
    assert located.boxes == () and located.slices_looked_at > 100
