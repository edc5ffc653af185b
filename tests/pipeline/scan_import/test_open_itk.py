"""NRRD and MetaImage in: every orientation ends as the head in its place, and what can't be trusted is refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as itk
from scipy.spatial.transform import Rotation
from synthetic_scans import Array, assert_in_place, head, refusal

from vb_desktop.pipeline.scan_import import decoding_child
from vb_desktop.pipeline.scan_import.open_scan import open_scan

SHAPE = (24, 22, 20)
LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def grid(codes: str = "LPS", turn: int | None = None) -> Array:
    affine = nib.orientations.inv_ornt_aff(nib.orientations.axcodes2ornt(codes), SHAPE)
    affine = np.diag([5.0, 5.5, 6.0, 1.0]) @ affine
    affine[:3, 3] -= 60
    if turn is not None:
        affine[:3] = Rotation.random(random_state=turn).as_matrix() @ affine[:3]
    return affine


def write(path: Path, affine: Array, voxels: Array | None = None, compressed: bool = False) -> Path:
    """As ITK writes it."""
    voxels = head(SHAPE, affine) if voxels is None else voxels
    image = itk.GetImageFromArray(np.ascontiguousarray(voxels.transpose(2, 1, 0)).astype(np.float32))
    lps = LPS @ affine
    edges = np.linalg.norm(lps[:3, :3], axis=0)
    image.SetSpacing(edges.tolist())
    image.SetDirection((lps[:3, :3] / edges).ravel().tolist())
    image.SetOrigin(lps[:3, 3].tolist())
    itk.WriteImage(image, str(path), useCompression=compressed)
    return path


def nrrd(path: Path, header: str, voxels: Array | None = None, packed: bool = False) -> Path:
    """Written by hand, in RAS, voxels along the axes of the patient."""
    affine = np.diag([5.0, 5.5, 6.0, 1.0])
    data = np.asfortranarray(head(SHAPE, affine) if voxels is None else voxels).astype("<i2").tobytes(order="F")
    path.write_bytes(f"NRRD0004\n{header}\n\n".encode() + (gzip.compress(data) if packed else data))
    return path


RAS = (
    "type: short\ndimension: 3\nspace: right-anterior-superior\nsizes: 24 22 20\n"
    "space directions: (5,0,0) (0,5.5,0) (0,0,6)\nkinds: domain domain domain\nendian: little\nencoding: raw\n"
    "space origin: (0,0,0)"
)


@pytest.mark.parametrize("compressed", [False, True], ids=["plain", "compressed"])
@pytest.mark.parametrize("name", ["scan.nrrd", "scan.nhdr", "scan.mha", "scan.mhd"])
def test_written_by_itk(tmp_path, name, compressed):
    affine = grid("PIR", turn=3)
    scan = open_scan(write(tmp_path / name, affine, compressed=compressed))
    assert nib.aff2axcodes(scan.volume.affine) == ("R", "A", "S")
    assert_in_place(scan.volume.voxels, scan.volume.affine, 0.1)
    assert sorted(scan.volume.voxels.shape) == sorted(SHAPE)


@pytest.mark.parametrize("codes", ["RAS", "LAS", "LPI", "SRA"])
@pytest.mark.parametrize("name", ["scan.nrrd", "scan.mha"])
def test_orientations_left_handed_ones_too(tmp_path, name, codes):
    scan = open_scan(write(tmp_path / name, grid(codes)))
    assert_in_place(scan.volume.voxels, scan.volume.affine, 0.1)


@pytest.mark.parametrize(
    ("space", "signs"),
    [("right-anterior-superior", (1, 1)), ("LAS", (-1, 1)), ("left-posterior-superior", (-1, -1)), ("LPS", (-1, -1))],
)
def test_every_space_of_nrrd(tmp_path, space, signs):
    header = RAS.replace("right-anterior-superior", space)
    header = header.replace("(5,0,0) (0,5.5,0)", f"({5 * signs[0]},0,0) (0,{5.5 * signs[1]},0)")
    scan = open_scan(nrrd(tmp_path / "scan.nrrd", header))
    assert_in_place(scan.volume.voxels, scan.volume.affine)


def test_a_packed_nrrd_with_a_picture_name(tmp_path):
    scan = open_scan(nrrd(tmp_path / "scan.png", RAS.replace("raw", "gzip"), packed=True))
    assert_in_place(scan.volume.voxels, scan.volume.affine)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("space: right-anterior-superior\n", "", "no_orientation_in_space"),
        ("right-anterior-superior", "3D-right-handed", "no_orientation_in_space"),
        ("space directions: (5,0,0) (0,5.5,0) (0,0,6)", "spacings: 5 5.5 6", "no_orientation_in_space"),
        ("(5,0,0)", "(nan,0,0)", "damaged"),
        ("(5,0,0)", "(0,0,0)", "singular"),
        ("(5,0,0)", "(0,0,6)", "singular"),
        ("(0,5.5,0)", "(1,5.5,0)", "skewed"),
        ("24 22 20", "24 22 21", "truncated"),
        ("24 22 20", "24 22 99999", "image_too_large"),
        ("24 22 20", "24 22 -20", "damaged"),
        ("24 22 20", "24 22", "damaged"),
        ("dimension: 3", "dimension: 4", "damaged"),
        ("kinds: domain domain domain", "kinds: RGB-color domain domain", "colour"),
        ("kinds: domain domain domain", "kinds: list domain domain", "four_d"),
        ("encoding: raw", "encoding: hex", "voxel_type"),
        ("encoding: raw", "encoding: gzip", "damaged"),
        ("type: short", "type: block", "voxel_type"),
        ("endian: little\n", "", "damaged"),
        ("encoding: raw", "encoding: raw\ndata file: /etc/passwd", "data_elsewhere"),
        ("encoding: raw", "encoding: raw\ndata file: ../scan.raw", "data_elsewhere"),
        ("encoding: raw", "encoding: raw\ndatafile: C:\\scan.raw", "data_elsewhere"),
        ("encoding: raw", "encoding: raw\ndata file: LIST", "data_elsewhere"),
        ("encoding: raw", "encoding: raw\ndata file: s%03d.raw 1 20 1", "data_elsewhere"),
        ("encoding: raw", "encoding: raw\ndata file: scan.raw", "data_missing"),
        ("encoding: raw", "encoding: raw\nbyte skip: -1", "voxel_type"),
    ],
)
def test_refused_nrrd(tmp_path, old, new, why):
    assert refusal(nrrd(tmp_path / "scan.nrrd", RAS.replace(old, new))) == why


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("ElementDataFile = LOCAL", "ElementDataFile = ../scan.raw", "data_elsewhere"),
        ("ElementDataFile = LOCAL", "ElementDataFile = /etc/passwd", "data_elsewhere"),
        ("ElementDataFile = LOCAL", "ElementDataFile = LIST", "data_elsewhere"),
        ("ElementDataFile = LOCAL", "ElementDataFile = scan.raw", "data_missing"),
        ("TransformMatrix", "SomethingElse", "no_orientation_in_space"),
        ("NDims = 3", "NDims = 2", "damaged"),
        ("DimSize = 24 22 20", "DimSize = 24 22 20000", "image_too_large"),
        ("DimSize = 24 22 20", "DimSize = 24 22 21", "truncated"),
        ("DimSize = 24 22 20", "DimSize = 24 x 21", "damaged"),
        ("MET_FLOAT", "MET_STRING", "voxel_type"),
        ("ElementSpacing = 5 5.5 6", "ElementSpacing = 5 nan 6", "damaged"),
        ("ElementSpacing = 5 5.5 6", "ElementSpacing = 5 -5.5 6", "spacing"),
    ],
)
def test_refused_meta_image(tmp_path, old, new, why):
    path = write(tmp_path / "scan.mha", grid())
    content = path.read_bytes()
    assert old.encode() in content
    path.write_bytes(content.replace(old.encode(), new.encode()))
    assert refusal(path) == why


def test_axis_names_that_disagree_are_told(tmp_path):
    path = write(tmp_path / "scan.mha", grid("LPS"))
    content = path.read_bytes()
    assert b"AnatomicalOrientation = RAI" in content and not [r for r in open_scan(path).remarks if "axis" in r.id]
    path.write_bytes(content.replace(b"= RAI", b"= LAI"))
    assert "scan_import.axis_names_disagree" in [remark.id for remark in open_scan(path).remarks]


def test_a_missing_origin_is_told(tmp_path):
    scan = open_scan(nrrd(tmp_path / "scan.nrrd", RAS.replace("\nspace origin: (0,0,0)", "")))
    assert "scan_import.no_origin" in [remark.id for remark in scan.remarks]
    path = write(tmp_path / "scan.mha", grid())
    content = path.read_bytes()
    path.write_bytes(content.replace(b"Offset =", b"Another ="))
    assert "scan_import.no_origin" in [remark.id for remark in open_scan(path).remarks]


@pytest.mark.parametrize("packed", [False, True])
def test_more_data_than_the_header_says_is_told(tmp_path, packed):
    header = RAS.replace("raw", "gzip") if packed else RAS
    path = nrrd(tmp_path / "scan.nrrd", header.replace("24 22 20", "24 22 18"), packed=packed)
    assert "scan_import.more_data" in [remark.id for remark in open_scan(path).remarks]


def test_a_link_beside_the_header_is_not_followed(tmp_path):
    path = write(tmp_path / "scan.mhd", grid())
    (tmp_path / "scan.raw").rename(tmp_path / "elsewhere")
    (tmp_path / "scan.raw").symlink_to(tmp_path / "elsewhere")
    assert refusal(path) == "data_missing"


def test_units_of_nrrd_become_millimetres(tmp_path):
    header = RAS.replace("(5,0,0) (0,5.5,0) (0,0,6)", "(0.5,0,0) (0,0.55,0) (0,0,0.6)")
    scan = open_scan(nrrd(tmp_path / "scan.nrrd", f'{header}\nspace units: "cm" "cm" "cm"'))
    assert_in_place(scan.volume.voxels, scan.volume.affine)
    assert "scan_import.units" in [remark.id for remark in scan.remarks]


def test_the_pixels_come_from_a_child(tmp_path, monkeypatch):
    monkeypatch.setattr(decoding_child, "_CODE", "import os; os.abort()")
    assert refusal(write(tmp_path / "scan.nrrd", grid())) == "file_crashed"
