"""Real scans on a coarse grid, processed quickly: an affine on 4 mm in place of SyN, two iterations of N4."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import nibabel as nib
import numpy as np

from vb_desktop.pipeline.case import Array, ProcessedScan, Scan, Volume
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.mri_processor.mri_processor import MRIProcessor
from vb_desktop.pipeline.progress import OnProgress, ignore

QUICK = Config().changed(
    registration__kind="affine", registration__spacing_mm=4.0, bias_field__iterations=(2,), input__space="native"
)


def read(path: Path, step: int = 2) -> Volume:
    """Every `step`th voxel of a NIfTI, closest canonical orientation."""
    image = nib.as_closest_canonical(nib.load(path))
    affine = np.asarray(image.affine, dtype=np.float64) @ np.diag([step, step, step, 1.0])
    voxels = np.asarray(image.dataobj, dtype=np.float32)[::step, ::step, ::step]
    return Volume(np.ascontiguousarray(voxels), affine)


def process(volume: Volume, mask: Array, work: Path, config: Config = QUICK) -> ProcessedScan:
    """Process with a brain mask in place of HD-BET's."""

    def strip(volume: Volume, on_progress: OnProgress = ignore) -> Volume:
        return volume.like(mask.astype(np.uint8))

    return MRIProcessor(config, skull_stripper=strip)(Scan(volume=volume), work)


def seen_through(processed: ProcessedScan, part: tuple[slice, ...], affine: Array | None = None) -> ProcessedScan:
    """The same case with a scan that holds only a part of it, or whose header says another affine."""
    grid, mask = processed.native_grid, processed.native_mask
    matrix = grid.affine.copy() if affine is None else affine
    matrix[:3, 3] += matrix[:3, :3] @ [one.start or 0 for one in part]
    cut = [Volume(np.ascontiguousarray(one.voxels[part]), matrix) for one in (grid, mask)]
    return replace(processed, native_grid=cut[0], native_mask=cut[1])
