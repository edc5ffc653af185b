"""What is not one 3D MRI of a head gets one sentence and a next step: files."""

from __future__ import annotations

import gzip
import os
import pickle
import struct
import tracemalloc
import zlib

import nibabel as nib
import numpy as np
import pytest
from synthetic_scans import head, make_nifti, refusal

from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.scan_import.open_scan import open_scan

GRID = np.diag([5.0, 5.5, 6.0, 1.0])
SHAPE = (24, 22, 20)


def test_missing(tmp_path):
    assert refusal(tmp_path / "nothing.nii") == "missing"
    assert refusal(tmp_path / "no" / "folder") == "missing"
    assert refusal(tmp_path / "a\0b.nii") == "missing"


def test_a_file_is_not_a_folder(tmp_path):
    (tmp_path / "file").write_bytes(b"x")
    assert refusal(tmp_path / "file" / "scan.nii") == "missing"


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices of POSIX")
def test_pipes_and_devices_are_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.nii")
    assert refusal(tmp_path / "pipe.nii") == "not_a_file"
    if os.path.exists("/dev/zero"):
        from pathlib import Path

        assert refusal(Path("/dev/zero")) == "not_a_file"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_no_permission(write_nifti):
    path = write_nifti()
    path.chmod(0)
    assert refusal(path) == "no_access"


def test_a_disk_that_refuses(write_nifti, monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("vb_desktop.pipeline.scan_import.open_scan.content_of", refuse)
    with pytest.raises(UnreadableScan, match="Permission denied"):
        open_scan(write_nifti())


def test_empty_file(tmp_path):
    (tmp_path / "scan.nii").touch()
    assert refusal(tmp_path / "scan.nii") == "empty_file"
    (tmp_path / "scan.nii.gz").write_bytes(gzip.compress(b""))
    assert refusal(tmp_path / "scan.nii.gz") == "empty_file"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "PNG"),
        (b"\xff\xd8\xff\xe0" + bytes(500), "JPEG"),
        (b"%PDF-1.7" + bytes(500), "PDF"),
        (b"\0\0\0\x01\0\0\x01\0\0\0\x01\0" + bytes(500), "FreeSurfer"),
        (b"\x89HDF\r\n\x1a\n" + bytes(500), "MINC"),
        (pickle.dumps(np.zeros((20, 20, 20))), "pickle"),
        (b"Dear colleague, here is the scan.\n", "text"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_other_kinds_are_named_whatever_the_extension(tmp_path, content, word, packed):
    path = tmp_path / ("scan.nii.gz" if packed else "scan.nii")
    path.write_bytes(gzip.compress(content) if packed else content)
    with pytest.raises(UnreadableScan, match=word) as caught:
        open_scan(path)
    assert caught.value.message.id == "scan_import.unsupported"
    assert "NIfTI" in caught.value.advice() and "DICOM" in caught.value.advice()


def test_unknown_bytes(tmp_path):
    (tmp_path / "scan.nii").write_bytes(bytes(range(255, -1, -1)) * 8)
    assert refusal(tmp_path / "scan.nii") == "unknown_content"


def test_the_name_is_never_repeated(tmp_path):
    path = tmp_path / "Doe_Jane_19700315.nii"
    path.write_bytes(b"hello")
    with pytest.raises(UnreadableScan) as caught:
        open_scan(path)
    assert "Doe" not in caught.value.sentence() + caught.value.advice()


def test_truncated(write_nifti):
    path = write_nifti()
    content = path.read_bytes()
    for keep, why in ((len(content) - 1, "truncated"), (400, "truncated"), (352, "truncated"), (200, "damaged")):
        path.write_bytes(content[:keep])
        assert refusal(path) == why


def test_truncated_gzip(write_nifti):
    path = write_nifti(np.random.default_rng(0).normal(500, 99, SHAPE), name="scan.nii.gz")
    content = path.read_bytes()
    for keep in (len(content) - 4, len(content) // 2, 400, 30, 12):
        path.write_bytes(content[:keep])
        assert refusal(path) == "damaged"


def test_gzip_of_a_truncated_file(write_nifti):
    path = write_nifti()
    path.write_bytes(gzip.compress(path.read_bytes()[:-100]))
    assert refusal(path) == "truncated"


def test_wrong_checksum(write_nifti):
    path = write_nifti(name="scan.nii.gz")
    content = bytearray(path.read_bytes())
    content[-8:-4] = struct.pack("<I", zlib.crc32(b"other"))
    path.write_bytes(content)
    assert refusal(path) == "damaged"


def test_a_huge_header_is_refused_before_memory_is_taken(write_nifti):
    path = write_nifti(dim=[3, 30000, 30000, 30000, 1, 1, 1, 1])
    tracemalloc.start()
    assert refusal(path) == "image_too_large"
    assert tracemalloc.get_traced_memory()[1] < 5e6
    tracemalloc.stop()
    assert refusal(write_nifti(dim=[3, 1024, 1024, 1024, 1, 1, 1, 1])) == "image_too_large"
    assert refusal(write_nifti(dim=[3, 1025, 24, 24, 1, 1, 1, 1])) == "image_too_large"


def test_a_file_smaller_than_its_header_says_costs_no_memory(write_nifti):
    for name in ("scan.nii", "scan.nii.gz"):
        path = write_nifti(
            name=name, affine=np.diag([0.5, 0.5, 0.5, 1]), shape=(20, 20, 20), dim=[3, 600, 600, 600, 1, 1, 1, 1]
        )
        tracemalloc.start()
        assert refusal(path) == "truncated"
        tracemalloc.stop()


def test_a_gzip_bomb_is_read_no_further_than_the_header_says(tmp_path, write_nifti):
    path = write_nifti(name="scan.nii.gz")
    content = gzip.decompress(path.read_bytes())
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(content)
        for _ in range(512):  # half a gigabyte of zeros
            file.write(bytes(1 << 20))
    tracemalloc.start()
    open_scan(path)
    assert tracemalloc.get_traced_memory()[1] < 60e6
    tracemalloc.stop()


@pytest.mark.parametrize("offset", [1e12, -5, np.nan, 100, 2e9])
def test_voxels_at_an_impossible_place(write_nifti, offset):
    assert refusal(write_nifti(vox_offset=offset)) == "damaged"


@pytest.mark.parametrize(
    "dim", [[0] * 8, [9, 2, 2, 2, 2, 2, 2, 2], [3, -24, 22, 20, 1, 1, 1, 1], [3, 24, 0, 20, 1, 1, 1, 1]]
)
def test_impossible_dimensions(write_nifti, dim):
    assert refusal(write_nifti(dim=dim)) == "damaged"


def test_2d(write_nifti):
    flat = np.random.default_rng(0).normal(500, 99, (64, 64))
    assert refusal(write_nifti(flat)) == "two_d"
    assert refusal(write_nifti(flat[..., None])) == "two_d"
    assert refusal(write_nifti(flat[:, None])) == "two_d"


def test_4d(write_nifti):
    assert refusal(write_nifti(np.random.default_rng(0).normal(500, 99, (24, 24, 20, 5)))) == "four_d"
    assert refusal(write_nifti(np.random.default_rng(0).normal(500, 99, (24, 24, 20, 1, 3)))) == "four_d"


def test_few_slices(write_nifti):
    assert refusal(write_nifti(np.random.default_rng(0).normal(500, 99, (24, 24, 15)))) == "few_slices"


def test_colour(tmp_path):
    kind = np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])
    path = tmp_path / "scan.nii"
    nib.save(nib.Nifti1Image(np.zeros((24, 24, 20), dtype=kind), GRID), path)
    assert refusal(path) == "colour"


def test_complex(write_nifti):
    assert refusal(write_nifti(np.ones(SHAPE) + 1j, dtype=np.complex64)) == "complex"


def test_unknown_voxel_type(write_nifti):
    assert refusal(write_nifti(datatype=1)) == "voxel_type"
    assert refusal(write_nifti(datatype=12345)) == "voxel_type"
    assert refusal(write_nifti(bitpix=16)) == "damaged"


def test_half_of_a_pair(write_nifti):
    assert refusal(write_nifti(magic=b"ni1")) == "header_pair"
    assert refusal(write_nifti(magic=b"")) == "analyze"
    assert refusal(write_nifti(magic=b"abc")) == "damaged"


def test_the_other_half_of_a_pair_is_a_link(tmp_path):
    nib.save(nib.Nifti1Pair(head(SHAPE, GRID).astype(np.float32), GRID), tmp_path / "scan.hdr")
    (tmp_path / "scan.img").rename(tmp_path / "elsewhere")
    (tmp_path / "scan.img").symlink_to(tmp_path / "elsewhere")
    assert refusal(tmp_path / "scan.hdr") == "header_pair"


def test_analyze_does_not_say_which_side_is_left(tmp_path):
    nib.save(nib.Spm2AnalyzeImage(head(SHAPE, GRID).astype(np.float32), GRID), tmp_path / "scan.hdr")
    assert refusal(tmp_path / "scan.hdr") == "analyze"
    assert refusal(tmp_path / "scan.img") == "analyze"


def test_a_gzip_bomb_that_its_header_announces(tmp_path, write_nifti):
    header = write_nifti(dim=[3, 600, 600, 600, 1, 1, 1, 1], affine=np.diag([0.5, 0.5, 0.5, 1])).read_bytes()[:352]
    with gzip.open(tmp_path / "scan.nii.gz", "wb", compresslevel=9) as file:
        file.write(header)
        for _ in range(64):
            file.write(bytes(1 << 20))
    assert refusal(tmp_path / "scan.nii.gz") == "gzip_bomb"


def test_nothing_says_which_side_is_left(tmp_path):
    image = nib.Nifti1Image(head(SHAPE, GRID).astype(np.float32), GRID)
    image.set_sform(GRID, code=0)
    image.set_qform(GRID, code=0)
    nib.save(image, tmp_path / "scan.nii")
    assert refusal(tmp_path / "scan.nii") == "no_orientation"


def test_nan_spacing(write_nifti):
    assert refusal(write_nifti(pixdim=[1, np.nan, 5.5, 6, 0, 0, 0, 0])) == "spacing"
    assert refusal(write_nifti(pixdim=[1, 5, np.inf, 6, 0, 0, 0, 0])) == "spacing"


@pytest.mark.parametrize("row", [[0, 0, 0, 0], [np.nan, 0, 0, 0], [0, 5.5, 0, 0], [np.inf, 0, 0, 0]])
def test_singular_affine(write_nifti, row):
    assert refusal(write_nifti(srow_x=row, qform_code=0)) == "singular"


def test_broken_scaling(write_nifti):
    values = np.random.default_rng(0).integers(0, 4000, SHAPE)
    assert refusal(write_nifti(values, dtype=np.int16, scl_slope=2, scl_inter=np.nan)) == "damaged"
    assert refusal(write_nifti(values, dtype=np.int16, scl_slope=1e38, scl_inter=0)) == "not_finite"


def test_skewed(write_nifti):
    affine = GRID.copy()
    affine[0, 2] = 0.6
    assert refusal(write_nifti(affine=affine)) == "skewed"


@pytest.mark.parametrize("edge", [0.1, 1.0, 30.0, 300.0])
def test_absurd_field_of_view(write_nifti, edge):
    values = np.random.default_rng(0).normal(500, 99, SHAPE)
    assert refusal(write_nifti(values, affine=np.diag([edge, edge, edge, 1]))) == "field_of_view"


def test_wrong_unit_shows_in_the_field_of_view(write_nifti):
    assert refusal(write_nifti(xyzt_units=1)) == "field_of_view"


def test_series_of_a_nifti(write_nifti):
    assert refusal(write_nifti(), "1.2.3") == "series_of_nifti"


def test_values_that_are_no_mri(tmp_path):
    rng = np.random.default_rng(0)
    noise = rng.normal(500, 99, SHAPE)
    many_nan = noise.copy()
    many_nan[:5] = np.nan
    mask = (noise > 500).astype(float)
    ct = np.where(rng.random(SHAPE) < 0.5, rng.normal(-1000, 10, SHAPE), rng.normal(40, 20, SHAPE))
    padded_ct = np.where(rng.random(SHAPE) < 0.5, -2048, rng.normal(40, 20, SHAPE))
    for values, why in (
        (np.zeros(SHAPE), "all_zero"),
        (np.full(SHAPE, 7.5), "constant"),
        (np.full(SHAPE, np.nan), "not_finite"),
        (np.full(SHAPE, np.inf), "not_finite"),
        (many_nan, "not_finite"),
        (mask, "labels"),
        (ct, "looks_like_ct"),
        (padded_ct, "looks_like_ct"),
    ):
        assert refusal(make_nifti(tmp_path / "scan.nii", values, affine=GRID)) == why


def test_signed_images_are_not_taken_for_ct(tmp_path):
    rng = np.random.default_rng(0)
    for values in (rng.normal(0, 1, SHAPE), rng.uniform(-4096, 4095, SHAPE), rng.normal(0, 600, SHAPE)):
        open_scan(make_nifti(tmp_path / "scan.nii", values, affine=GRID))


def test_gzipped_dicom_is_named(tmp_path):
    (tmp_path / "scan.dcm.gz").write_bytes(gzip.compress(bytes(128) + b"DICM" + bytes(500)))
    assert refusal(tmp_path / "scan.dcm.gz") == "unsupported"
