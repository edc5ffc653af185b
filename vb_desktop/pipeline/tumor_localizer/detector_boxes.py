"""From the detector's probabilities to boxes: connected regions that persist over slices, cut slice by slice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array, Box, Volume
from vb_desktop.pipeline.model_card import DetectorCard
from vb_desktop.pipeline.tumor_localizer.detector_grid import STEP_MM, from_detector_grid

LEAST_MM2 = 40.0
"""A smaller cut through a region is its cap and gets no box."""
_CERTAIN_ML = 0.5
FEATURES = ("top", "log_ml", "mean", "whole", "depth", "least")
"""What the confidence of a region depends on, see `region_features`."""


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """One connected region on the detector's grid.

    Attributes:
        mask: bool `SHAPE`.
        features: float64 (len(FEATURES),).
        confidence: calibrated, in [0, 1].
    """

    mask: Array
    features: Array
    confidence: float


def find_regions(core: Array, whole: Array, brain: Array, card: DetectorCard) -> list[Region]:
    """Connected regions of the core's probability, most confident first; weak and short ones are left out.

    Args:
        core: probability of the core, float32 `SHAPE`.
        whole: probability of core and oedema, float32 `SHAPE`.
        brain: bool `SHAPE`.
        card: thresholds and calibration.
    """
    return [region for region in all_regions(core, whole, brain, card) if region.confidence >= card.least_confidence]


def all_regions(core: Array, whole: Array, brain: Array, card: DetectorCard) -> list[Region]:
    """As `find_regions`, those of low confidence too: what the calibration learns from."""
    labels, _ = ndimage.label((core > card.threshold) & brain, structure=np.ones((3, 3, 3)))
    inside = np.pad(brain, 1)
    depth = (ndimage.distance_transform_edt(inside) * STEP_MM)[1:-1, 1:-1, 1:-1]
    found = []
    for number, part in enumerate(ndimage.find_objects(labels), start=1):
        slices = part[2].stop - part[2].start
        if slices * STEP_MM < card.least_height_mm:
            continue
        mask = np.zeros(core.shape, bool)
        mask[part] = labels[part] == number
        features = region_features(core, whole, depth, mask)
        found.append(Region(mask, features, confidence_of(features, card)))
    return sorted(found, key=lambda region: -region.confidence)


def region_features(core: Array, whole: Array, depth: Array, mask: Array) -> Array:
    """Numbers in the order of `FEATURES`.

    top: mean logit of the most probable 0.5 mL; log_ml: logarithm of the volume; mean: mean probability of the core;
    whole: mean probability of core or oedema; depth: mean distance to the rim, in units of 10 mm, at most 2; least: the
    larger of 0 and 1 - volume / 1 mL.
    """
    values = np.sort(core[mask])[::-1]
    ml = len(values) * STEP_MM**3 / 1000
    top = float(values[: max(1, round(_CERTAIN_ML * 1000 / STEP_MM**3))].mean())
    top = float(np.clip(top, 1e-3, 1 - 1e-3))
    return np.array(
        [
            np.log(top / (1 - top)),
            np.log(ml),
            float(values.mean()),
            float(whole[mask].mean()),
            min(float(depth[mask].mean()) / 10, 2.0),
            max(0.0, 1 - ml),
        ]
    )


def confidence_of(features: Array, card: DetectorCard) -> float:
    """Logistic calibration, fitted on out-of-fold regions."""
    logit = card.intercept + float(np.dot(features, [card.weights_of.get(name, 0.0) for name in FEATURES]))
    return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


def boxes_of(region: Region, core: Array, like: Volume, card: DetectorCard) -> dict[int, Box]:
    """The box of one region on every slice of the scan's grid: around all its pieces of at least `LEAST_MM2`.

    Args:
        region: from `find_regions`.
        core: probability of the core, float32 `SHAPE`.
        like: grid of the processed scan.
        card: threshold.

    Returns:
        Slice k -> box; slices without one are absent.
    """
    # The region's own probabilities only: a neighbour that touches it on the finer grid is another region.
    near = ndimage.binary_dilation(region.mask, structure=np.ones((3, 3, 3)))
    fine = from_detector_grid(np.where(near, core, 0), like) > card.threshold
    pixel_mm2 = like.spacing[0] * like.spacing[1]
    ml = np.count_nonzero(region.mask) * STEP_MM**3 / 1000
    found: dict[int, Box] = {}
    for k in np.flatnonzero(fine.any(axis=(0, 1))):
        labels, _ = ndimage.label(fine[:, :, k])
        areas = np.bincount(labels.ravel()) * pixel_mm2
        areas[0] = 0
        large = np.flatnonzero(areas >= LEAST_MM2)
        if not len(large):
            continue
        i, j = np.nonzero(np.isin(labels, large))
        text = f"{areas[large].sum():.0f} mm2 of a region of {ml:.1f} mL"
        found[int(k)] = Box(
            k=int(k), i0=int(i.min()), i1=int(i.max()) + 1, j0=int(j.min()), j1=int(j.max()) + 1,
            confidence=region.confidence, source="builtin", text=text,
        )  # fmt: skip
    return found
