"""Where the localised region lies: shares of structures of the atlas, distances to ventricles and eloquent structures.

The atlas is carried into the patient's own space; shares and distances are taken there.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import nibabel as nib
import numpy as np

from vb_desktop.assets import asset
from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.case_record import MeasurementRecord
from vb_desktop.pipeline.measurement.item import NOT_ASSESSED, item
from vb_desktop.pipeline.measurement.structures import BY_CODE, VENTRICLES, codes_of

ATLAS = "atlas/structures.nii.gz"
TOLERANCE_MM = 3
"""Of the atlas where the alignment is good: its MNI space differs from the template's by 2 to 3 mm in places."""
LEAST_SHARE = 0.02
UNLABELLED = "unlabelled"
NOT_IN_ATLAS = ("corticospinal_tract", "optic_radiation")
ELOQUENT: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("motor_cortex", ("left", "right")),
    ("sensory_cortex", ("left", "right")),
    ("broca_area", ("left",)),
    ("wernicke_area", ("left",)),
    ("visual_cortex", ("left", "right")),
    ("thalamus", ("left", "right")),
    ("brainstem", ("middle",)),
    ("optic_chiasm", ("middle",)),
)


@cache
def atlas() -> Volume:
    """Codes of `structures.STRUCTURES` on the template's grid, float32; 0 where no structure is labelled."""
    image = nib.load(asset(ATLAS))
    return Volume(np.asarray(image.dataobj).astype(np.float32), np.asarray(image.affine, dtype=np.float64))


def location(region: Array, codes: Volume) -> list[MeasurementRecord]:
    """Place a region among the structures.

    Args:
        region: bool, on the grid of `codes`; not empty.
        codes: the atlas in the patient's own space.
    """
    near = _Neighbours(region, codes)
    return [
        item("structures", _shares(near.found[region]), "", tolerance=TOLERANCE_MM, least=round(100 * LEAST_SHARE)),
        item("ventricle_distance", _nearest_ventricle(near), "mm", tolerance=TOLERANCE_MM),
        item("eloquent", _eloquent(near), "mm", tolerance=TOLERANCE_MM),
    ]


class _Neighbours:
    """Distance of the region from each structure, and its share in it; both kept."""

    def __init__(self, region: Array, codes: Volume) -> None:
        from scipy import ndimage

        self.found = np.rint(codes.voxels).astype(np.uint8)
        self.spacing = np.array(codes.spacing)
        self._places = ndimage.find_objects(self.found)
        self._surface = np.argwhere(_surface(region))
        inside, counts = np.unique(self.found[region], return_counts=True)
        self._shares = {int(code): float(n) / float(counts.sum()) for code, n in zip(inside, counts, strict=True)}

    def share(self, code: int) -> float:
        """Share of the region that lies in the structure."""
        return self._shares.get(code, 0.0)

    def distance(self, code: int) -> float | None:
        """Millimetres between the voxels' faces, 0 where they touch; None where the grid holds none of it."""
        if self.share(code):
            return 0.0
        place = self._places[code - 1] if code <= len(self._places) else None
        if place is None:
            return None
        there = np.argwhere(_surface(self.found[place] == code)) + [part.start for part in place]
        return gap_mm(self._surface, there, self.spacing)


def gap_mm(one: Array, other: Array, spacing: Array) -> float:
    """Shortest distance between the faces of two sets of voxels, 0 where they touch.

    Args:
        one: indices (N, 3), not empty.
        other: indices (M, 3) on the same grid, not empty.
        spacing: mm.
    """
    from scipy.spatial import cKDTree

    _, nearest = cKDTree(other * spacing).query(one * spacing)
    apart = np.maximum(np.abs(one - other[nearest]) - 1, 0) * spacing
    return float(np.linalg.norm(apart, axis=1).min())


def _surface(mask: Array) -> Array:
    from scipy import ndimage

    return np.asarray(mask & ~ndimage.binary_erosion(mask))


def _shares(inside: Array) -> list[dict[str, Any]]:
    """Lobes and deep structures with their share of the region, the largest first."""
    shares: dict[tuple[str, str], float] = {}
    for code, count in zip(*np.unique(inside, return_counts=True), strict=True):
        known = BY_CODE.get(int(code))
        key = (known.lobe, known.side) if known is not None else (UNLABELLED, "middle")
        shares[key] = shares.get(key, 0.0) + float(count) / inside.size
    ranked = sorted(shares.items(), key=lambda entry: -entry[1])
    return [
        {"structure": name, "side": side, "share": round(share, 3)}
        for (name, side), share in ranked
        if share >= LEAST_SHARE
    ]


def _nearest_ventricle(near: _Neighbours) -> Any:
    """The ventricle that is nearest; of several in contact the one with most of the region in it."""
    known = [(d, -near.share(code), code) for code in codes_of(*VENTRICLES) if (d := near.distance(code)) is not None]
    if not known:
        return NOT_ASSESSED
    distance, _, code = min(known)
    return {"structure": BY_CODE[code].id, "side": BY_CODE[code].side, "distance_mm": round(distance, 1)}


def _eloquent(near: _Neighbours) -> list[dict[str, Any]]:
    """The nearer side of each structure; what the atlas lacks is named as not assessed."""
    rows: list[dict[str, Any]] = []
    for id_, sides in ELOQUENT:
        known = [
            (d, -near.share(code), code)
            for code in codes_of(id_)
            if BY_CODE[code].side in sides and (d := near.distance(code)) is not None
        ]
        if not known:
            rows.append({"structure": id_, "side": "middle", "distance_mm": NOT_ASSESSED, "share": NOT_ASSESSED})
            continue
        distance, share, code = min(known)
        side = BY_CODE[code].side
        rows.append({"structure": id_, "side": side, "distance_mm": round(distance, 1), "share": round(-share, 3)})
    lacking = {"side": "middle", "distance_mm": NOT_ASSESSED, "share": NOT_ASSESSED}
    return [*rows, *({"structure": id_, **lacking} for id_ in NOT_IN_ATLAS)]
