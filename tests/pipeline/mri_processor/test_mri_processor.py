"""The chain as a whole, on a synthetic brain; and once on a real tumour."""

from __future__ import annotations

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from known_brain import GRIDS, Patient
from scipy import ndimage

from vb_desktop.pipeline.case import Scan, Transforms, Volume
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import ProcessingFailed
from vb_desktop.pipeline.mri_processor.gates import quality_gates
from vb_desktop.pipeline.mri_processor.mri_processor import MRIProcessor
from vb_desktop.pipeline.mri_processor.template import template, template_mask
from vb_desktop.pipeline.mri_processor.way_back import to_template
from vb_desktop.pipeline.progress import OnProgress, Progress, Stage, ignore

MNI = Config().changed(input__space="mni")


def in_mni(spacing: float = 2.0, shift: float = 0.0) -> Volume:
    """The template itself on another grid, 10 times brighter."""
    shape = tuple(int(n // spacing) for n in template().voxels.shape)
    affine = template().affine @ np.diag([spacing, spacing, spacing, 1.0])
    step = int(spacing)
    voxels = 10 * template().voxels[::step, ::step, ::step][: shape[0], : shape[1], : shape[2]]
    affine[0, 3] += shift
    return Volume(voxels.astype(np.float32), affine)


def test_each_step_is_told_and_timed(patient: Patient, quick: Config, tmp_path: Path) -> None:
    native = patient.scan(GRIDS["straight"](patient))
    asked: list[Volume] = []

    def strip(volume: Volume, on_progress: OnProgress = ignore) -> Volume:
        asked.append(volume)
        return volume.like((volume.voxels > 0).astype(np.uint8))

    said: list[Progress] = []
    config = quick.changed(input__space="native")
    processed = MRIProcessor(config, skull_stripper=strip)(Scan(volume=native), tmp_path, said.append)
    assert asked == [native]
    assert set(processed.seconds) == {"skull_stripping", "bias_field", "registration", "resampling"}
    assert all(p.stage is Stage.PROCESS and p.text for p in said) and len(said) == 4
    assert processed.transforms.folder == tmp_path / "transforms"
    assert all((processed.transforms.folder / name).stat().st_size > 0 for name in processed.transforms.forward)
    assert processed.native_grid is native and processed.mask.voxels.dtype == np.uint8
    gates = {gate.id: gate for gate in quality_gates(Scan(volume=native), processed)}
    assert all(gate.message.say() for gate in gates.values())
    assert gates.pop("contrast_seen").state == "red"  # the template was made without contrast agent
    assert {name for name, gate in gates.items() if gate.state != "green"} == set()


def test_values_that_are_not_numbers_are_refused(patient: Patient, quick: Config, tmp_path: Path) -> None:
    native = patient.scan(GRIDS["straight"](patient))
    native.voxels[50, 50, 50] = np.nan
    with pytest.raises(ProcessingFailed, match="not numbers"):
        MRIProcessor(quick)(Scan(volume=native), tmp_path)


def test_a_scan_with_its_background_is_not_skull_stripped(patient: Patient, quick: Config, tmp_path: Path) -> None:
    native = patient.scan(GRIDS["straight"](patient))
    with pytest.raises(ProcessingFailed, match="not skull stripped"):
        MRIProcessor(quick)(Scan(volume=native.like(native.voxels + 1)), tmp_path)


def test_a_head_cut_out_of_the_air_is_not_skull_stripped(patient: Patient, quick: Config, tmp_path: Path) -> None:
    native = patient.scan(GRIDS["straight"](patient))
    head = ndimage.binary_dilation(native.voxels > 0, iterations=10)
    with pytest.raises(ProcessingFailed, match="not a skull-stripped brain"):
        MRIProcessor(quick)(Scan(volume=native.like(native.voxels + 50 * head)), tmp_path)


def test_mni_input_only_changes_its_grid(tmp_path: Path) -> None:
    native = in_mni()
    processed = MRIProcessor(MNI)(Scan(volume=native), tmp_path)
    assert processed.transforms.forward == processed.transforms.inverse == ()
    assert set(processed.seconds) == {"resampling"}
    inside = template_mask().voxels > 0
    assert np.corrcoef(processed.volume.voxels[inside], template().voxels[inside])[0, 1] > 0.9
    back = processed.to_native(processed.volume)
    assert back.voxels.shape == native.voxels.shape
    assert np.array_equal(processed.points_to_native(np.array([[1.0, 2, 3]])), [[1.0, 2, 3]])


def test_mni_input_with_its_skull_is_masked_by_the_template(tmp_path: Path) -> None:
    native = in_mni()
    processed = MRIProcessor(MNI)(Scan(volume=native.like(native.voxels + 5)), tmp_path)
    both = (processed.mask.voxels > 0) & (template_mask().voxels > 0)
    assert 2 * both.sum() / (processed.mask.voxels.sum() + template_mask().voxels.sum()) > 0.97


@pytest.mark.parametrize("shift, skull", [(70.0, 0), (70.0, 5), (25.0, 5)])
def test_a_scan_elsewhere_is_not_in_mni_space(tmp_path: Path, shift: float, skull: float) -> None:
    native = in_mni(shift=shift)
    with pytest.raises(ProcessingFailed, match="not in MNI space"):
        MRIProcessor(MNI)(Scan(volume=native.like(native.voxels + skull)), tmp_path)


@pytest.mark.slow
@pytest.mark.data
def test_a_real_tumour_goes_to_the_template_and_back(data_folder: Path, tmp_path: Path) -> None:
    folder = data_folder / "tumours3d" / "BraTS2021_00006"
    image = nib.as_closest_canonical(nib.load(folder / "t1ce.nii.gz"))
    scan = Scan(volume=Volume(np.asarray(image.dataobj, dtype=np.float32), image.affine))
    config = Config().changed(input__space="skull-stripped", registration__spacing_mm=3.0)
    processed = MRIProcessor(config)(scan, tmp_path)
    assert {gate.state for gate in quality_gates(scan, processed)} == {"green"}

    tumour = np.asarray(nib.as_closest_canonical(nib.load(folder / "seg.nii.gz")).dataobj) > 0
    there = to_template(processed.transforms, scan.volume.like(tumour.astype(np.float32)), template())
    back = processed.to_native(there).voxels > 0.5
    assert 2 * (back & tumour).sum() / (back.sum() + tumour.sum()) > 0.97
    assert isinstance(processed.transforms, Transforms) and len(processed.transforms.inverse) == 2
