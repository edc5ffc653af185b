"""How far each voxel is from what healthy tissue would look like there, and which of that healthy brains have too.

No learning: the expected intensity comes from the template's grey and white matter, fitted to the scan itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array, ProcessedScan
from vb_desktop.pipeline.errors import LocalizationFailed
from vb_desktop.pipeline.mri_processor.template import template_map
from vb_desktop.pipeline.tumor_localizer.working_grid import (
    AFFINE,
    SHAPE,
    STEP_MM,
    depth_mm,
    to_working_grid,
    within,
)

BRIGHT_SD, DARK_SD = 2.5, 2.0
"""Deviations below these are common in healthy tissue: gyri that the alignment did not match."""
_BRIGHT_MOST, _DARK_MOST = 6.0, 5.0  # a vessel may be 20 SD bright; evidence stops growing here
_DARK_WEIGHT = 0.7
_MIRROR_MM = 4.0  # how exactly the two hemispheres match after alignment
_BRIGHT_MIRROR = 0.8  # enhancement on both sides is usually normal, but not always (midline tumours)
_RIM_MM = (4.0, 10.0)  # dural sinuses, meninges and remains of the skull: no evidence at 4 mm, full at 10 mm
_SMOOTH_MM = 4.0
_DEEP_MM = 20.0  # fluid of the template that lies deeper is a ventricle
_VENTRICLE_REACH_MM = 12.0  # how far a mass displaces or widens a lateral ventricle


@dataclass(frozen=True, slots=True, eq=False)
class Abnormality:
    """All on the working grid, float32.

    Attributes:
        deviation: intensity minus expected intensity, in robust standard deviations of the scan's own tissue.
        bright: how much brighter than expected beyond BRIGHT_SD and beyond the mirrored side; >= 0.
        dark: the same for darker.
        evidence: both together, weighed by place and smoothed over a lesion's size; >= 0.
        depth: distance to the rim of the scan's or of the template's brain, whichever is nearer, mm.
        brain: the scan's brain mask.
    """

    deviation: Array
    bright: Array
    dark: Array
    evidence: Array
    depth: Array
    brain: Array


def abnormality(processed: ProcessedScan) -> Abnormality:
    """Compare a processed scan with the template's tissue and with its own mirrored side."""
    share = to_working_grid(processed.mask.like((processed.mask.voxels > 0).astype(np.float32)))
    brain = share > 0.5
    masked = processed.volume.like(np.where(processed.mask.voxels > 0, processed.volume.voxels, 0))
    return compare(np.where(brain, to_working_grid(masked) / np.maximum(share, 0.5), 0), brain)


def compare(intensity: Array, brain: Array) -> Abnormality:
    """The same for intensities that lie on the working grid already."""
    tissue = _tissue()
    depth = depth_mm(brain)
    deviation = _deviation(intensity, brain, depth, tissue)

    mirrored = deviation[::-1]
    footprint = _ball(_MIRROR_MM)
    also_bright = np.minimum(ndimage.grey_dilation(mirrored, footprint=footprint), deviation)
    also_dark = np.minimum(-ndimage.grey_erosion(mirrored, footprint=footprint), -deviation)
    bright = np.clip(deviation - BRIGHT_SD, 0, _BRIGHT_MOST)
    bright -= _BRIGHT_MIRROR * np.clip(also_bright - BRIGHT_SD, 0, _BRIGHT_MOST)
    dark = np.clip(-deviation - DARK_SD, 0, _DARK_MOST) - np.clip(also_dark - DARK_SD, 0, _DARK_MOST)
    dark = dark * np.clip((tissue.solid - 0.3) / 0.4, 0, 1)  # ventricles and cisterns are dark in everybody
    dark[_ventricles(deviation, tissue)] = 0

    depth = np.minimum(depth, tissue.depth)
    inner = np.clip((depth - _RIM_MM[0]) / (_RIM_MM[1] - _RIM_MM[0]), 0, 1)
    vessels = np.clip(2 * tissue.solid, 0.3, 1)  # they run in the cerebrospinal fluid
    evidence = ndimage.gaussian_filter(inner * (bright * vessels + _DARK_WEIGHT * dark), _SMOOTH_MM / STEP_MM)
    return Abnormality(deviation, bright, dark, evidence, depth, brain)


@dataclass(frozen=True, slots=True, eq=False)
class _Tissue:
    """The template's tissue, left-right symmetric, on the working grid: grey, white, solid in [0, 1]; depth in mm.

    `solid` is the least share of tissue within 4 mm: low near ventricles, cisterns and wide sulci.
    """

    grey: Array
    white: Array
    solid: Array
    depth: Array


@cache
def _tissue() -> _Tissue:
    grey, white = _tissue_map("gm"), _tissue_map("wm")
    share = grey + white
    labels, _ = ndimage.label(share > 0.3)
    head = ndimage.binary_fill_holes(labels == np.bincount(labels.ravel())[1:].argmax() + 1)
    solid = ndimage.grey_erosion(ndimage.gaussian_filter(share, 1.5 / STEP_MM), footprint=_ball(4.0))
    return _Tissue(grey, white, solid, depth_mm(head))


def _tissue_map(tissue: Literal["gm", "wm"]) -> Array:
    found = template_map(tissue)
    if found is None:
        raise LocalizationFailed("tumor_localizer.no_tissue_map", name=f"MNI152 {tissue}")
    values = to_working_grid(found.like(found.voxels / 255), smooth_mm=1.5)
    both: Array = (values + values[::-1]) / 2
    return both


def _deviation(intensity: Array, brain: Array, depth: Array, tissue: _Tissue) -> Array:
    """Robust fit (Tukey's biweight) of the tissue's intensities and a smooth shading that is the same on both sides.

    Were the shading free from left to right, a large tumour would be explained away by it. Outside the white matter the
    error is measured by its own spread: gyri and sulci never match the template's, in a shrunken brain least of all.
    """
    x, y, z = (
        np.broadcast_to(axis.reshape([-1 if a == n else 1 for a in range(3)]), SHAPE)
        for n, axis in enumerate(AFFINE[n, 3] + STEP_MM * np.arange(SHAPE[n]) for n in range(3))
    )
    x, y, z = np.abs(x) / 80, (y + 15) / 97, (z - 9) / 81
    fluid = np.maximum(0, 1 - tissue.grey - tissue.white)
    columns = (tissue.grey, tissue.white, fluid, y, z, x * x, y * y, z * z, y * z)
    known = brain & (depth > 5) & (tissue.grey + tissue.white > 0.85)
    if np.count_nonzero(known) < 1000:
        raise LocalizationFailed("tumor_localizer.no_brain")
    design = np.stack([column[known] for column in columns], axis=1)
    values = intensity[known]
    weights = np.ones(len(values))
    for _ in range(15):
        root = np.sqrt(weights)
        fitted = np.linalg.lstsq(design * root[:, None], values * root, rcond=None)[0]
        error = values - design @ fitted
        spread = max(1.4826 * float(np.median(np.abs(error))), 1e-6)
        weights = np.clip(1 - (error / (3 * spread)) ** 2, 0, None) ** 2
    expected = sum(column * weight for column, weight in zip(columns, fitted, strict=True))
    error = intensity - expected
    folded = brain & (depth > 3) & (tissue.white < 0.5)
    cortical = max(1.4826 * float(np.median(np.abs(error[folded]))), spread)
    usual = tissue.white * spread + (1 - tissue.white) * cortical
    return np.where(brain, error / usual, 0).astype(np.float32)


def _ventricles(deviation: Array, tissue: _Tissue) -> Array:
    """The scan's own ventricles: dark and connected with where the template has them, however displaced."""
    seeds = (tissue.grey + tissue.white < 0.4) & (tissue.depth > _DEEP_MM)
    labels, _ = ndimage.label((deviation < -DARK_SD) & within(seeds, _VENTRICLE_REACH_MM))
    touched = np.unique(labels[seeds])
    return within(np.isin(labels, touched[touched > 0]), STEP_MM)


def _ball(radius_mm: float) -> Array:
    reach = int(radius_mm / STEP_MM)
    offsets = np.mgrid[-reach : reach + 1, -reach : reach + 1, -reach : reach + 1] * STEP_MM
    ball: Array = (offsets**2).sum(axis=0) <= radius_mm**2 + 1e-6
    return ball
