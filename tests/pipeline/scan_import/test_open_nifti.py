"""NIfTI in: every orientation, data type and header variant ends as the same head in the same place."""

from __future__ import annotations

import gzip
from itertools import permutations, product

import nibabel as nib
import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from synthetic_scans import Array, assert_in_place, head

from vb_desktop.pipeline.scan_import.open_scan import open_scan

AXIS_CODES = [
    "".join(codes)
    for order in permutations(("LR", "PA", "IS"))
    for codes in product(*order)
]  # fmt: skip


def affine_of(codes: str, shape: tuple[int, int, int] = (24, 22, 20)) -> Array:
    """Affine of a grid whose axes run as the codes say, centred, 5 x 5.5 x 6 mm along its own axes."""
    axes = {"R": (0, 1), "L": (0, -1), "A": (1, 1), "P": (1, -1), "S": (2, 1), "I": (2, -1)}
    affine = np.zeros((4, 4))
    affine[3, 3] = 1
    for column, (code, edge) in enumerate(zip(codes, (5.0, 5.5, 6.0), strict=True)):
        row, sign = axes[code]
        affine[row, column] = sign * edge
    affine[:3, 3] = -affine[:3, :3] @ (np.array(shape) - 1) / 2
    return affine


def test_there_are_48_axis_codes():
    assert len(set(AXIS_CODES)) == 48


@pytest.mark.parametrize("codes", AXIS_CODES)
def test_every_orientation_becomes_ras_in_place(write_nifti, codes):
    scan = open_scan(write_nifti(affine=affine_of(codes)))
    assert nib.aff2axcodes(scan.volume.affine) == ("R", "A", "S")
    assert np.linalg.det(scan.volume.affine) > 0
    assert_in_place(scan.volume.voxels, scan.volume.affine, 0.01)
    assert scan.volume.voxels.dtype == np.float32 and scan.volume.voxels.flags.c_contiguous


@pytest.mark.parametrize("seed", range(12))
def test_a_world_point_keeps_its_intensity_when_oblique(write_nifti, seed):
    rng = np.random.default_rng(seed)
    affine = affine_of(AXIS_CODES[rng.integers(48)])
    affine[:3] = Rotation.random(random_state=seed).as_matrix() @ affine[:3]
    affine[:3, 3] += rng.uniform(-30, 30, 3)
    noise = rng.normal(1000, 200, (24, 22, 20)).astype(np.float32)
    scan = open_scan(write_nifti(noise, affine=affine))
    source = np.stack([rng.integers(0, n, 200) for n in noise.shape], axis=1)
    there = scan.volume.to_index(source @ affine[:3, :3].T + affine[:3, 3])
    assert np.abs(there - np.round(there)).max() < 1e-3
    found = scan.volume.voxels[tuple(np.round(there).astype(int).T)]
    np.testing.assert_array_equal(found, noise[tuple(source.T)])
    diagonal = np.diag(scan.volume.affine)[:3] / scan.volume.spacing
    assert (diagonal > 0).all(), "not the closest canonical orientation"


def test_orientation_agrees_with_nibabel(write_nifti):
    for codes in ("LPS", "PIR", "ASL"):
        path = write_nifti(affine=affine_of(codes))
        theirs = nib.as_closest_canonical(nib.load(path))
        ours = open_scan(path).volume
        np.testing.assert_allclose(ours.affine, theirs.affine, atol=1e-4)
        np.testing.assert_allclose(ours.voxels, theirs.get_fdata(), rtol=1e-6)


@pytest.mark.parametrize("dtype", ["u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"])
@pytest.mark.parametrize("order", ["<", ">"])
def test_every_real_data_type_in_both_byte_orders(write_nifti, dtype, order):
    values = np.random.default_rng(0).integers(0, 120, (20, 20, 20))
    path = write_nifti(values, dtype=f"{order}{dtype}", order=order, affine=np.diag([6.0, 6, 6, 1]))
    np.testing.assert_array_equal(open_scan(path).volume.voxels, values)


@pytest.mark.parametrize("name", ["scan.nii", "scan.nii.gz", "scan.dat", "named_like_a_picture.png"])
@pytest.mark.parametrize("kind", [nib.Nifti1Image, nib.Nifti2Image])
def test_content_decides_not_the_name(write_nifti, name, kind):
    scan = open_scan(write_nifti(name=name, kind=kind))
    assert scan.kind == "nifti"
    assert_in_place(scan.volume.voxels, scan.volume.affine, 0.01)


def test_scaling_is_applied(write_nifti):
    stored = np.random.default_rng(0).integers(0, 4000, (24, 22, 20))
    scan = open_scan(write_nifti(stored, dtype=np.int16, scl_slope=0.5, scl_inter=10))
    np.testing.assert_allclose(scan.volume.voxels, stored * 0.5 + 10, rtol=1e-6)


@pytest.mark.parametrize("slope", [0, np.nan, np.inf])
def test_no_scaling_where_the_slope_is_none(write_nifti, slope):
    stored = np.random.default_rng(0).integers(0, 4000, (24, 22, 20))
    scan = open_scan(write_nifti(stored, dtype=np.int16, scl_slope=slope, scl_inter=7))
    np.testing.assert_array_equal(scan.volume.voxels, stored)


@pytest.mark.parametrize(("unit", "factor", "word"), [(1, 1e-3, "metres"), (3, 1e3, "micrometres")])
def test_units_become_millimetres(write_nifti, unit, factor, word):
    affine = affine_of("LPS")
    scaled = affine.copy()
    scaled[:3] *= factor
    scan = open_scan(write_nifti(head((24, 22, 20), affine), affine=scaled, xyzt_units=unit))
    assert_in_place(scan.volume.voxels, scan.volume.affine, 0.05)
    assert [remark.params.get("unit") for remark in scan.remarks if remark.id == "scan_import.units"] == [word]


def test_millimetres_and_silence_need_no_remark(write_nifti):
    for unit in (0, 2, 10):
        scan = open_scan(write_nifti(shape=(40, 40, 40), affine=np.diag([3.0, 3, 3, 1]), xyzt_units=unit))
        assert scan.remarks == ()


@pytest.mark.parametrize("kind", [nib.Nifti1Pair, nib.Nifti2Pair])
@pytest.mark.parametrize("packed", [False, True])
def test_a_pair_of_header_and_voxels(tmp_path, kind, packed):
    affine = affine_of("LPI")
    nib.save(kind(head((24, 22, 20), affine).astype(np.float32), affine), tmp_path / "scan.hdr")
    if packed:
        (tmp_path / "scan.img.gz").write_bytes(gzip.compress((tmp_path / "scan.img").read_bytes()))
        (tmp_path / "scan.img").unlink()
    for name in ("scan.hdr", "scan.img.gz" if packed else "scan.img"):
        scan = open_scan(tmp_path / name)
        assert_in_place(scan.volume.voxels, scan.volume.affine, 0.01)


def test_an_unknown_unit_is_told(write_nifti):
    told = [remark.id for remark in open_scan(write_nifti(xyzt_units=5)).remarks]
    assert "scan_import.units_unknown" in told


def test_a_place_far_from_the_scanner_is_told(write_nifti):
    affine = affine_of("LPS")
    affine[2, 3] += 800
    told = {remark.id: remark.params for remark in open_scan(write_nifti(affine=affine)).remarks}
    assert told["scan_import.far_off"] == {"mm": "800"}


@pytest.mark.parametrize("name", ["scan.nii", "scan.nii.gz"])
def test_more_data_than_the_header_says_is_told(write_nifti, name):
    scan = open_scan(write_nifti(name=name, dim=[3, 24, 22, 18, 1, 1, 1, 1]))
    assert "scan_import.more_data" in [remark.id for remark in scan.remarks]
    assert "scan_import.more_data" not in [remark.id for remark in open_scan(write_nifti(name=name)).remarks]


def test_4d_with_one_volume_is_one_volume(write_nifti):
    values = head((24, 22, 20), affine_of("RAS"))[..., None, None]
    assert open_scan(write_nifti(values, affine=affine_of("RAS"))).volume.voxels.shape == (24, 22, 20)


def test_a_synthetic_case_says_so(write_nifti):
    assert open_scan(write_nifti(descrip=b"SYNTHETIC Virtual Biopsy demo")).synthetic
    assert not open_scan(write_nifti(descrip=b"TE=2.4;Time=120517.042;phase=1")).synthetic


def test_echo_time_of_the_converter_is_technique(write_nifti):
    assert open_scan(write_nifti(descrip=b"TE=2.4;Time=120517.042;phase=1")).technique == {"echo_time_ms": 2.4}
    assert open_scan(write_nifti(descrip=b"Jane Doe, born 1970")).technique == {}


def both_forms(write_nifti, sform: Array, qform: Array, s_code: int, q_code: int):
    image = nib.Nifti1Image(head((24, 22, 20), sform).astype(np.float32), None)
    image.set_sform(sform, code=s_code)
    image.set_qform(qform, code=q_code)
    path = write_nifti()
    nib.save(image, path)
    return path


def test_sform_wins_and_the_reader_is_told(write_nifti):
    sform, qform = affine_of("RAS"), affine_of("RAS")
    qform[:3, 3] += (0, 0, 12)
    scan = open_scan(both_forms(write_nifti, sform, qform, 1, 1))
    assert_in_place(scan.volume.voxels, scan.volume.affine, 0.01)
    (remark,) = [remark for remark in scan.remarks if remark.id == "scan_import.forms_disagree"]
    assert remark.params == {"mm": "12.0", "used": "sform"}


def test_qform_to_the_patient_wins_over_sform_to_a_template(write_nifti):
    template, patient = affine_of("RAS") * 1.1, affine_of("RAS")
    template[3, 3] = 1
    scan = open_scan(both_forms(write_nifti, template, patient, 4, 1))
    np.testing.assert_allclose(scan.volume.affine, patient, atol=1e-4)
    assert "scan_import.forms_disagree" in [remark.id for remark in scan.remarks]


def test_a_disagreement_on_the_side_is_told_as_such(write_nifti):
    scan = open_scan(both_forms(write_nifti, affine_of("RAS"), affine_of("LAS"), 1, 1))
    assert "scan_import.forms_disagree_on_side" in [remark.id for remark in scan.remarks]


def test_forms_that_agree_need_no_remark(write_nifti):
    scan = open_scan(both_forms(write_nifti, affine_of("LPS"), affine_of("LPS"), 1, 1))
    assert [remark.id for remark in scan.remarks] == ["scan_import.thick_slices"]


def test_qform_alone_is_used(write_nifti):
    image = nib.Nifti1Image(head((24, 22, 20), affine_of("LAS")).astype(np.float32), None)
    image.set_qform(affine_of("LAS"), code=1)
    path = write_nifti()
    nib.save(image, path)
    scan = open_scan(path)
    assert_in_place(scan.volume.voxels, scan.volume.affine, 0.05)


def test_a_broken_form_gives_way_to_the_other(write_nifti):
    path = both_forms(write_nifti, affine_of("LPS"), affine_of("LPS"), 1, 1)
    content = bytearray(path.read_bytes())
    content[280:328] = bytes(48)  # srow_x, srow_y, srow_z
    path.write_bytes(content)
    scan = open_scan(path)
    assert_in_place(scan.volume.voxels, scan.volume.affine, 0.05)
    told = {remark.id: remark.params for remark in scan.remarks}
    assert told["scan_import.form_unusable"] == {"used": "qform", "unused": "sform"}


def test_a_few_invalid_numbers_become_zero_with_a_remark(write_nifti):
    values = head((24, 22, 20), affine_of("RAS"))
    values[0, 0, 0], values[3, 4, 5], values[7, 8, 9] = np.nan, np.inf, -np.inf
    scan = open_scan(write_nifti(values, affine=affine_of("RAS")))
    assert scan.volume.voxels[0, 0, 0] == scan.volume.voxels[3, 4, 5] == scan.volume.voxels[7, 8, 9] == 0
    assert {remark.id: remark.params for remark in scan.remarks}["scan_import.filled"] == {"count": 3}


def test_outliers_stay(write_nifti):
    values = head((24, 22, 20), affine_of("RAS"))
    values[5, 5, 5] = 32767
    assert open_scan(write_nifti(values, affine=affine_of("RAS"))).volume.voxels.max() == 32767


def test_thick_slices_are_told(write_nifti):
    scan = open_scan(write_nifti())
    assert {remark.id: remark.params for remark in scan.remarks}["scan_import.thick_slices"] == {"mm": "6.0"}


def test_progress_is_told(write_nifti):
    heard = []
    open_scan(write_nifti(), on_progress=heard.append)
    assert heard and all(progress.stage == "open" for progress in heard)
