"""Boxes by rules that compare with healthy tissue, without learning. It is not a VLM and says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array, Box, ProcessedScan
from vb_desktop.pipeline.config import VlmConfig
from vb_desktop.pipeline.tumor_localizer.abnormality import BRIGHT_SD, DARK_SD, abnormality
from vb_desktop.pipeline.tumor_localizer.regions import Region, abnormal_regions
from vb_desktop.pipeline.tumor_localizer.working_grid import from_working_grid

_LEAST_MM2 = 20.0  # a smaller cut through a region is its cap


class RuleDetector:
    """Mark compact regions brighter or darker than the template's tissue and the mirrored side, away from the rim."""

    name = "built-in rule-based detector, not a VLM"
    source = "builtin"

    def __init__(self, config: VlmConfig | None = None) -> None:
        self.config = config or VlmConfig()

    def boxes(self, processed: ProcessedScan, slices: Sequence[int], prompt: str) -> Iterator[tuple[int, list[Box]]]:
        """Look at the whole volume, then answer slice by slice; the prompt is not used.

        Yields:
            (k, boxes) in the order of `slices`.
        """
        found = abnormality(processed)
        regions = abnormal_regions(found)
        deviation = from_working_grid(found.deviation, processed.mask) if regions else None
        masks = [from_working_grid(region.mask, processed.mask) > 0.5 for region in regions]
        for k in slices:
            boxes = []
            for region, mask in zip(regions, masks, strict=True):
                assert deviation is not None
                boxes += _boxes_of(region, mask[:, :, k], deviation[:, :, k], k, processed.mask.spacing)
            yield k, boxes


def confidence(strength: float) -> float:
    """How often a region of that strength (SD x mL) was a tumour, read off the 18 cases that the rules were set on.

    Of 9 regions between 1.5 and 3.5 six were (the others: a displaced ventricle, a badly matched gyrus, a stroke), of
    those above 10 all; it is a rough scale, and optimistic for other scans.
    """
    return float(np.clip(1 / (1 + np.exp(0.57 - 1.17 * np.log(max(strength, 1e-6)))), 0.05, 0.95))


def _boxes_of(region: Region, cut: Array, deviation: Array, k: int, spacing: tuple[float, float, float]) -> list[Box]:
    pixel_mm2 = spacing[0] * spacing[1]
    labels, _ = ndimage.label(cut)
    boxes = []
    for n, part in enumerate(ndimage.find_objects(labels), start=1):
        piece = labels == n
        area_mm2 = float(np.count_nonzero(piece)) * pixel_mm2
        if area_mm2 < _LEAST_MM2:
            continue
        i, j = part
        ranges = {"i0": i.start, "i1": i.stop, "j0": j.start, "j1": j.stop}
        text = _words(deviation[piece], pixel_mm2)
        sure = confidence(region.strength)
        boxes.append(Box(k=k, **ranges, confidence=sure, source=RuleDetector.source, text=text))
    return boxes


def _words(deviation: Array, pixel_mm2: float) -> str:
    """What was seen on the slice, in plain words."""
    said = []
    for word, part in (("brighter", deviation[deviation > BRIGHT_SD]), ("darker", -deviation[deviation < -DARK_SD])):
        if len(part) * pixel_mm2 >= _LEAST_MM2:
            said.append(
                f"{word} than healthy tissue there by {part.mean():.1f} SD over {len(part) * pixel_mm2:.0f} mm2"
            )
    return "; ".join(said) or f"part of an abnormal region, {deviation.mean():+.1f} SD from healthy tissue on average"
