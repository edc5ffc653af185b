"""Files changed at random end as a scan or as one sentence, never as another error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from synthetic_scans import make_nifti, make_series

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


def opens_or_says_why(path: Path) -> None:
    try:
        assert isinstance(open_scan(path), Scan)
    except VBError as error:
        assert error.sentence().endswith(".") and error.advice()


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
    (series / "IM0008").write_bytes(changed((folder / "one").read_bytes(), changes, 1000))
    opens_or_says_why(series)
