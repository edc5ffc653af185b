"""Real scans for the gates, each processed once a session."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from real_heads import QUICK, process, read
from scipy import ndimage

from vb_desktop.pipeline.case import ProcessedScan


@pytest.fixture(scope="session")
def with_agent(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> ProcessedScan:
    """MR_Gd: T1 after contrast agent, no tumour, skull stripped."""
    volume = read(data_folder / "controls" / "MR_Gd" / "t1ce.nii.gz")
    return process(volume, ndimage.binary_fill_holes(volume.voxels > 0), tmp_path_factory.mktemp("with_agent"))


@pytest.fixture(scope="session")
def without_agent(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> ProcessedScan:
    """stroke_T1: T1 without contrast agent, an old stroke, skull stripped."""
    volume = read(data_folder / "controls" / "stroke_T1" / "t1.nii.gz")
    return process(volume, ndimage.binary_fill_holes(volume.voxels > 0), tmp_path_factory.mktemp("without_agent"))


@pytest.fixture(scope="session")
def upside_down(with_agent: ProcessedScan, tmp_path_factory: pytest.TempPathFactory) -> ProcessedScan:
    """MR_Gd with an affine that says base where top is."""
    grid = with_agent.native_grid
    flipped = type(grid)(grid.voxels, np.diag([1.0, 1.0, -1.0, 1.0]) @ grid.affine)
    return process(flipped, with_agent.native_mask.voxels, tmp_path_factory.mktemp("upside_down"))


@pytest.fixture(scope="session")
def failed_mask(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> ProcessedScan:
    """seg3D_MR, a whole head, with all of the head taken for brain."""
    volume = read(data_folder / "controls" / "seg3D_MR" / "t1_wholehead.nii.gz")
    return process(volume, ndimage.binary_fill_holes(volume.voxels > 60), tmp_path_factory.mktemp("failed_mask"))


@pytest.fixture(scope="session")
def warped(with_agent: ProcessedScan, tmp_path_factory: pytest.TempPathFactory) -> ProcessedScan:
    """MR_Gd with SyN on 4 mm."""
    config = QUICK.changed(registration__kind="syn")
    return process(with_agent.native_grid, with_agent.native_mask.voxels, tmp_path_factory.mktemp("warped"), config)
