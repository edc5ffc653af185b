"""Files changed at random end as a scan or as one sentence, never as another error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as itk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.uid import DeflatedExplicitVRLittleEndian, JPEGLSLossless, RLELossless
from synthetic_scans import head, make_nifti, make_series

from vb_desktop.pipeline.case import Scan
from vb_desktop.pipeline.errors import VBError
from vb_desktop.pipeline.scan_import.open_scan import open_scan

CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.floats(0, 1, exclude_max=True), st.integers(0, 255)),
        st.tuples(st.just("cut"), st.floats(0, 1), st.just(0)),
        st.tuples(st.just("put"), st.floats(0, 1, exclude_max=True), st.integers(1, 64)),
        st.tuples(st.just("take"), st.floats(0, 1, exclude_max=True), st.integers(1, 64)),
    ),
    min_size=1,
    max_size=6,
)
QUIETLY: dict[str, Any] = {
    "deadline": None,
    "database": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}


def changed(content: bytes, changes: list[tuple[str, float, int]], reach: int) -> bytes:
    """The content with bytes set, cut off, put in or taken out, most of them within the first `reach` bytes."""
    data = bytearray(content)
    for what, where, value in changes:
        at = int(where * min(reach, len(data)))
        if what == "set" and data:
            data[at % len(data)] = value
        elif what == "cut":
            del data[int(where * len(data)) :]
        elif what == "put":
            data[at:at] = bytes([value * 3 % 256]) * value
        else:
            del data[at : at + value]
    return bytes(data)


def opens_or_says_why(path: Path) -> Scan | None:
    try:
        scan = open_scan(path)
    except VBError as error:
        assert error.sentence().endswith(".") and error.advice()
        return None
    assert isinstance(scan, Scan) and np.isfinite(scan.volume.voxels).all()
    return scan


def lies_where_it_lay_or_says_so(scan: Scan | None, original: Scan) -> None:
    """For files whose place is said more than once, so that damage to it shows."""
    if scan is None or {remark.id for remark in scan.remarks} - {remark.id for remark in original.remarks}:
        return
    assert scan.volume.voxels.shape == original.volume.voxels.shape
    corners = np.array([(0, 0, 0), scan.volume.voxels.shape])
    assert np.abs(scan.volume.to_mm(corners) - original.volume.to_mm(corners)).max() < 0.1


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.mark.parametrize("name", ["scan.nii", "scan.nii.gz"])
@settings(max_examples=50, derandomize=True, **QUIETLY)
@given(changes=CHANGES)
def test_nifti(folder, name, changes):
    original = folder / f"original.{name}"
    if not original.exists():
        make_nifti(original, shape=(16, 16, 16), affine=np.diag([6.0, 6.0, 6.0, 1.0]))
    path = folder / name
    path.write_bytes(changed(original.read_bytes(), changes, 352))
    opens_or_says_why(path)


@pytest.mark.parametrize("reach", [600, 10_000])
@settings(max_examples=50, derandomize=True, **QUIETLY)
@given(changes=CHANGES)
def test_enhanced_dicom(folder, reach, changes):
    original = folder / "enhanced"
    if not original.exists():
        make_series(original, enhanced=True)
    path = folder / "changed.dcm"
    path.write_bytes(changed(next(original.iterdir()).read_bytes(), changes, reach))
    opens_or_says_why(path)


@settings(max_examples=40, derandomize=True, **QUIETLY)
@given(changes=CHANGES)
def test_a_file_of_a_classic_series(folder, changes):
    series = folder / "classic"
    if not series.exists():
        make_series(series, slices=17)
        (folder / "one").write_bytes((series / "IM0008").read_bytes())
    (series / "IM0008").write_bytes((folder / "one").read_bytes())
    original = open_scan(series)
    content = changed((folder / "one").read_bytes(), changes, 1000)
    (series / "IM0008").write_bytes(content)
    scan = opens_or_says_why(series)
    if b"\0" in content or not content:  # what is left may be a text file, which folders hold too
        lies_where_it_lay_or_says_so(scan, original)


@settings(max_examples=25, derandomize=True, **QUIETLY)
@given(changes=CHANGES)
def test_deflated_dicom(folder, changes):
    original = folder / "deflated.dcm"
    if not original.exists():
        make_series(folder / "to deflate", enhanced=True)
        dataset = dcmread(next((folder / "to deflate").iterdir()))
        dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
        dataset.save_as(original)
    path = folder / "changed deflated.dcm"
    path.write_bytes(changed(original.read_bytes(), changes, 4000))
    opens_or_says_why(path)


@pytest.mark.parametrize("compress", [RLELossless, JPEGLSLossless])
@settings(max_examples=5, derandomize=True, **QUIETLY)
@given(changes=CHANGES)
def test_compressed_dicom(folder, compress, changes):
    original = folder / f"compressed {compress.name}"
    if not original.exists():
        make_series(original, enhanced=True, compress=compress)
    content = next(original.iterdir()).read_bytes()
    pixels = content.rindex(b"\xe0\x7f\x10\x00")
    path = folder / "changed compressed.dcm"
    path.write_bytes(content[:pixels] + changed(content[pixels:], changes, 20_000))
    lies_where_it_lay_or_says_so(opens_or_says_why(path), open_scan(next(original.iterdir())))


@pytest.mark.parametrize("name", ["scan.nrrd", "scan.mha"])
@settings(max_examples=20, derandomize=True, **QUIETLY)
@given(changes=CHANGES)
def test_nrrd_and_meta_image(folder, name, changes):
    original = folder / f"original {name}"
    if not original.exists():
        affine = np.diag([6.0, 6.0, 6.0, 1.0])
        image = itk.GetImageFromArray(head((16, 16, 16), affine).T.astype(np.float32))
        image.SetSpacing((6.0, 6.0, 6.0))
        itk.WriteImage(image, str(original))
    path = folder / name
    path.write_bytes(changed(original.read_bytes(), changes, 300))
    opens_or_says_why(path)
