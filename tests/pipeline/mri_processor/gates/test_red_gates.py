"""Each gate stays off red on a real scan, and a real scan gone wrong turns it red."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from real_heads import process, read, seen_through
from scipy import ndimage

from vb_desktop.pipeline.case import ProcessedScan, Scan, Volume
from vb_desktop.pipeline.case_record import GateRecord
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.mri_processor.contrast import tissue_contrast
from vb_desktop.pipeline.mri_processor.gates import quality_gates
from vb_desktop.pipeline.mri_processor.gates.contrast_seen import contrast_seen
from vb_desktop.pipeline.mri_processor.gates.head_coverage import head_coverage
from vb_desktop.pipeline.mri_processor.gates.kind_of_scan import kind_of_scan
from vb_desktop.pipeline.mri_processor.gates.orientation import orientation
from vb_desktop.pipeline.mri_processor.gates.similarity import similarity
from vb_desktop.pipeline.mri_processor.gates.warp import warp

pytestmark = pytest.mark.data

CUTS = {
    "top": (slice(None), slice(None), slice(None, -15)),
    "base": (slice(None), slice(None), slice(20, None)),
    "front": (slice(None), slice(None, -20), slice(None)),
    "left side": (slice(15, None), slice(None), slice(None)),
}
FLIPS = {
    "red.upside_down": np.diag([1.0, 1.0, -1.0]),
    "red.back_to_front": np.diag([1.0, -1.0, 1.0]),
    "red.both": np.diag([1.0, -1.0, -1.0]),
    "red.axes": np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]]),
}


def scan_of(processed: ProcessedScan) -> Scan:
    return Scan(volume=processed.native_grid)


def gates_of(processed: ProcessedScan) -> dict[str, GateRecord]:
    gates = {gate.id: gate for gate in quality_gates(scan_of(processed), processed)}
    assert all(gate.message.say() for gate in gates.values())
    return gates


def test_a_t1_after_contrast_agent_passes(with_agent: ProcessedScan) -> None:
    gates = gates_of(with_agent)
    # An affine on 4 mm does not bring the rims together as SyN does.
    assert gates.pop("template_overlap").state in ("green", "amber")
    assert [name for name, gate in gates.items() if gate.state != "green"] == []


def test_a_t1_without_contrast_agent_is_red(without_agent: ProcessedScan) -> None:
    gates = gates_of(without_agent)
    assert gates["contrast_seen"].state == "red"
    assert "No contrast agent is seen" in gates["contrast_seen"].message.say()
    assert [name for name, gate in gates.items() if gate.state == "red"] == ["contrast_seen"]


def test_an_agent_in_the_header_does_not_hide_that_none_is_seen(without_agent: ProcessedScan) -> None:
    scan = Scan(volume=without_agent.native_grid, technique={"contrast_agent": "GADOVIST"})
    gate = contrast_seen(scan, tissue_contrast(without_agent))
    assert gate.state == "red" and "GADOVIST" in gate.message.say()


def test_a_tumour_that_hardly_enhances_is_not_taken_for_a_scan_without_agent(data_folder: Path, tmp_path: Path) -> None:
    volume = read(data_folder / "tumours3d" / "Brats18_TCIA10_628_1" / "t1ce.nii.gz")
    processed = process(volume, ndimage.binary_fill_holes(volume.voxels > 0), tmp_path)
    assert contrast_seen(scan_of(processed), tissue_contrast(processed)).state == "green"


def test_a_ct_is_red(with_agent: ProcessedScan) -> None:
    """A real slice of a CT (pydicom's own): not a head, but what is looked at are the Hounsfield units."""
    file = get_testdata_file("CT_small.dcm")
    assert isinstance(file, str)
    slice_ = dcmread(file)
    units = slice_.pixel_array * float(slice_.RescaleSlope) + float(slice_.RescaleIntercept)
    gate = kind_of_scan(
        Scan(volume=Volume(units[..., None].astype(np.float32), np.eye(4))), tissue_contrast(with_agent)
    )
    assert gate.state == "red" and gate.message.id == "gate.kind_of_scan.red.ct"


def test_a_made_ct_of_a_whole_head_is_red(data_folder: Path, with_agent: ProcessedScan) -> None:
    """No whole CT of a head is among the data: made from an MR by giving its tissues Hounsfield units."""
    head = read(data_folder / "controls" / "seg3D_MR" / "t1_wholehead.nii.gz", step=3)
    air = ~ndimage.binary_fill_holes(ndimage.binary_closing(head.voxels > 40, iterations=2))
    units = np.where(air, -1000.0, np.where(head.voxels > 60, 20.0 + head.voxels / 20.0, 900.0)).astype(np.float32)
    assert kind_of_scan(Scan(volume=head), tissue_contrast(with_agent)).state == "green"
    gate = kind_of_scan(Scan(volume=head.like(units)), tissue_contrast(with_agent))
    assert gate.state == "red" and gate.message.id == "gate.kind_of_scan.red.ct"


def test_inverted_contrast_is_not_t1(with_agent: ProcessedScan) -> None:
    """No whole T2 of a head is among the data: made from a real T1 by turning its grey values round."""
    turned = replace(with_agent, volume=with_agent.volume.like(-with_agent.volume.voxels))
    gate = kind_of_scan(scan_of(turned), tissue_contrast(turned))
    assert gate.state == "red" and gate.message.id == "gate.kind_of_scan.red.fluid"


@pytest.mark.parametrize("technique", [{"modality": "CT"}, {"modality": "MR", "echo_time_ms": 394.0}])
def test_a_header_of_another_kind_is_red(with_agent: ProcessedScan, technique: dict[str, object]) -> None:
    scan = Scan(volume=with_agent.native_grid, technique=technique)
    assert kind_of_scan(scan, tissue_contrast(with_agent)).state == "red"


@pytest.mark.parametrize("where", CUTS)
def test_a_cropped_head_is_red(with_agent: ProcessedScan, where: str) -> None:
    gate = head_coverage(seen_through(with_agent, CUTS[where]))
    assert gate.state == "red" and gate.message.params["where"] == where


@pytest.mark.parametrize("named", FLIPS)
def test_an_affine_that_turns_the_head_is_red(with_agent: ProcessedScan, named: str) -> None:
    affine = with_agent.native_grid.affine.copy()
    affine[:3] = FLIPS[named] @ affine[:3]
    gate = orientation(scan_of(with_agent), seen_through(with_agent, (slice(None),) * 3, affine))
    assert gate.state == "red" and gate.message.id == f"gate.orientation.{named}"


def test_a_flipped_affine_is_red_after_processing(upside_down: ProcessedScan) -> None:
    gates = gates_of(upside_down)
    assert gates["orientation"].state == "red" and "upside down" in gates["orientation"].message.say()
    assert gates["template_overlap"].state == "red"


def test_a_mirror_image_is_not_told_and_green_says_so(with_agent: ProcessedScan) -> None:
    affine = np.diag([-1.0, 1.0, 1.0, 1.0]) @ with_agent.native_grid.affine
    mirrored = orientation(scan_of(with_agent), seen_through(with_agent, (slice(None),) * 3, affine))
    right = orientation(scan_of(with_agent), with_agent)
    assert mirrored.state == right.state == "green"
    assert mirrored.value == pytest.approx(right.value, abs=0.02)
    assert "left and right are exchanged can't be told from the image alone" in right.message.say()


def test_a_header_that_contradicts_itself_on_the_side_is_amber(with_agent: ProcessedScan) -> None:
    remark = Message("scan_import.forms_disagree_on_side", {"used": "sform"})
    gate = orientation(Scan(volume=with_agent.native_grid, remarks=(remark,)), with_agent)
    assert gate.state == "amber" and "which side is left" in gate.message.say()


def test_a_failed_mask_is_red(failed_mask: ProcessedScan) -> None:
    gates = gates_of(failed_mask)
    assert gates["brain_volume"].state == gates["brain_shape"].state == "red"


def test_a_brain_beside_its_place_is_red(with_agent: ProcessedScan) -> None:
    beside = [one.like(np.roll(one.voxels, 12, axis=1)) for one in (with_agent.volume, with_agent.mask)]
    gate = similarity(replace(with_agent, volume=beside[0], mask=beside[1]))
    assert gate.state == "red"


def test_a_real_warp_is_smooth_and_six_times_as_much_of_it_folds(warped: ProcessedScan, tmp_path: Path) -> None:
    assert warp(warped).state == "green"
    shutil.copytree(warped.transforms.folder, tmp_path / "transforms")
    path = tmp_path / "transforms" / warped.transforms.forward[0]
    image = nib.load(path)
    nib.save(nib.Nifti1Image(6 * np.asarray(image.dataobj, np.float32), image.affine, image.header), path)
    gate = warp(replace(warped, transforms=replace(warped.transforms, folder=tmp_path / "transforms")))
    assert gate.state == "red" and "folds" in gate.message.say()
