"""The embedded demo case: computed by the pipeline with the models that ship, said to be synthetic, and never stale."""

from __future__ import annotations

import nibabel as nib
import numpy as np
import pytest

from vb_desktop.assets import asset
from vb_desktop.pipeline.case import CLASSES
from vb_desktop.pipeline.case_folder import Case, read_case, read_volume
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.fingerprints import provenance
from vb_desktop.pipeline.stage_files import sound


@pytest.fixture(scope="module")
def demo() -> Case:
    return read_case(asset("demo/case"))


def test_its_layers_were_made_by_the_models_that_ship(demo: Case) -> None:
    assert demo.record.provenance.models == provenance(Config()).models, "run: python installer/compute_demo_case.py"


def test_its_files_are_the_ones_that_its_record_names(demo: Case) -> None:
    """Else going on with it, or correcting a box, would compute it anew."""
    assert all(sound(demo.folder, stage.files) for stage in demo.record.stages.values())


def test_its_layers_were_made_with_the_default_settings(demo: Case) -> None:
    assert demo.record.config == Config().model_dump(mode="json"), "run: python installer/compute_demo_case.py"


def test_it_holds_every_layer_and_a_report(demo: Case) -> None:
    assert demo.record.status == "done"
    for name in ("processed", "coarse_prior", "refined_prior", "mlp", *(f"grad_cam_{name}" for name in CLASSES)):
        assert demo.volume(name) is not None, name
    for name in ("scan", "coarse_prior", "refined_prior", *(f"grad_cam_{name}" for name in CLASSES)):
        assert demo.volume(name, "native") is not None, name
    assert demo.record.boxes
    assert (demo.folder / "report.pdf").stat().st_size > 10_000


def test_it_says_that_it_is_synthetic_and_names_nobody(demo: Case) -> None:
    assert demo.record.synthetic and demo.record.provenance.demo_model
    assert not demo.identity.name and not demo.identity.patient_id


def test_its_scan_is_the_one_that_run_computes_anew(demo: Case) -> None:
    scan, source = demo.volume("scan"), nib.as_closest_canonical(nib.load(asset("demo/scan.nii.gz")))
    assert scan is not None
    assert np.allclose(scan.affine, source.affine, atol=1e-4)
    assert np.array_equal(scan.voxels, np.asarray(source.dataobj, dtype=np.float32))


def test_its_localised_region_meets_the_tumour_that_was_drawn(demo: Case) -> None:
    """On the scan's own grid, so the way back is in it."""
    region, truth = demo.volume("refined_prior", "native"), read_volume(asset("demo/truth.nii.gz"))
    assert region is not None
    drawn, found = truth.voxels > 0, region.voxels > 0.5
    recall = (drawn & found).sum() / drawn.sum()
    centroids = [volume.to_mm(np.argwhere(mask)).mean(axis=0) for volume, mask in ((truth, drawn), (region, found))]
    assert recall > 0.7
    assert np.linalg.norm(centroids[0] - centroids[1]) < 12.0
