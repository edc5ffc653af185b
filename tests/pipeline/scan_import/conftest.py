"""Writers of synthetic scans into the test's own folder."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from synthetic_scans import make_nifti, make_series

Writer = Callable[..., Path]


@pytest.fixture
def write_nifti(tmp_path: Path) -> Writer:
    """`make_nifti` into `tmp_path`, as scan.nii unless named."""

    def write(*voxels: Any, name: str = "scan.nii", **options: Any) -> Path:
        return make_nifti(tmp_path / name, *voxels, **options)

    return write


@pytest.fixture
def write_series(tmp_path: Path) -> Writer:
    """`make_series` into a folder of `tmp_path`, named series unless said."""

    def write(folder: str = "series", **options: Any) -> Path:
        with warnings.catch_warnings():  # values that are wrong on purpose
            warnings.simplefilter("ignore")
            return make_series(tmp_path / folder, **options)

    return write
