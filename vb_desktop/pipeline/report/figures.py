"""Slices as pictures, in radiological convention: the patient's right is on the left, anterior is up.

Of sagittal slices anterior is on the left.

A picture is the grey (or, with Grad-CAM, coloured) slice as pixels, and what lies on it as lines and letters in
fractions of the picture, so that they print sharply.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.case_record import BoxRecord
from vb_desktop.pipeline.measurement.diameters import outlines
from vb_desktop.pipeline.report.anatomy import Anatomy
from vb_desktop.pipeline.report.content import Figure, Plane

PIXELS = 620
"""Longer side of a picture; about 250 dots an inch at its printed size."""

INFERNO = np.array(
    [
        (0, 0, 4), (11, 7, 36), (33, 12, 74), (61, 9, 101), (87, 16, 110), (113, 25, 110), (138, 34, 106),
        (163, 44, 97), (188, 55, 84), (210, 70, 68), (228, 90, 49), (241, 115, 29), (249, 142, 9),
        (252, 172, 17), (249, 203, 53), (242, 234, 105), (252, 255, 164),
    ],
    dtype=np.float64,
)  # fmt: skip
"""The colour map inferno (Smith, van der Walt, Firing; CC0) at 17 even steps."""
AXES: dict[Plane, tuple[int, int, int]] = {"axial": (0, 1, 2), "coronal": (0, 2, 1), "sagittal": (1, 2, 0)}
"""Voxel axes of a slice (to the left of the picture, upwards) and the one across it."""
LETTERS: dict[Plane, tuple[str, str, str, str]] = {
    "axial": ("R", "L", "A", "P"),
    "coronal": ("R", "L", "S", "I"),
    "sagittal": ("A", "P", "S", "I"),
}
CROSS = 0.06
"""Length of the marks of the other planes, as a share of the picture."""
CAM_FLOOR = 0.2
CAM_OPACITY = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """A line on a picture.

    Attributes:
        style: which layer it is: "box", "reader_box", "coarse_prior", "refined_prior", "grad_cam" or "cross".
        points: (N, 2), x from the left and y from the top, fractions of the picture.
    """

    style: str
    points: Array


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A slice as it is printed.

    Attributes:
        pixels: uint8 RGB (rows, columns, 3); square pixels.
        width_mm: what the picture's width is in the patient.
        height_mm: what its height is.
        strokes: contours and boxes.
        letters: letter -> (x, y) in fractions: R left, L right, A top, P bottom.
        bar_mm: length of the scale bar.
    """

    pixels: Array
    width_mm: float
    height_mm: float
    strokes: tuple[Stroke, ...]
    letters: dict[str, tuple[float, float]]
    bar_mm: float


def picture(shown: Anatomy, figure: Figure) -> Picture:
    """Cut one slice and what lies on it."""
    a, b, across = AXES[figure.plane]
    crop = (*shown.crop[2 * a : 2 * a + 2], *shown.crop[2 * b : 2 * b + 2])
    a0, a1, b0, b1 = crop

    def cut(voxels: Array) -> Array:
        return np.asarray(np.take(voxels, figure.k, axis=across))

    grey = cut(shown.scan.voxels)[a0:a1, b0:b1].astype(np.float64)
    grey = np.clip((grey - shown.low) / (shown.high - shown.low), 0.0, 1.0)
    width, height = (a1 - a0) * shown.scan.spacing[a], (b1 - b0) * shown.scan.spacing[b]
    size = _size(width, height)
    pixels = np.repeat(_resized(_radiological(grey), size)[..., None], 3, axis=2) * 255.0
    strokes: list[Stroke] = []
    if "grad_cam" in figure.layers and (cam := shown.layer(f"grad_cam_{figure.grad_cam}")) is not None:
        pixels = _blend(pixels, _resized(_radiological(cut(cam)[a0:a1, b0:b1]), size))
        strokes += [Stroke("grad_cam", _fractions(line, crop)) for line in outlines(cut(cam))]
    for name in ("coarse_prior", "refined_prior"):
        if name in figure.layers and (prior := shown.layer(name)) is not None:
            strokes += [Stroke(name, _fractions(line, crop)) for line in outlines(cut(prior))]
    if "boxes" in figure.layers and figure.plane == "axial":
        strokes += [_box(box, shown) for box in boxes_near(shown, figure.k)]
    if "cross" in figure.layers and figure.cross:
        strokes += _cross(np.array([figure.cross[a], figure.cross[b]]), crop)
    left, right, top, bottom = LETTERS[figure.plane]
    return Picture(
        pixels=np.clip(np.rint(pixels), 0, 255).astype(np.uint8),
        width_mm=width,
        height_mm=height,
        strokes=tuple(strokes),
        letters={left: (0.0, 0.5), right: (1.0, 0.5), top: (0.5, 0.0), bottom: (0.5, 1.0)},
        bar_mm=50.0 if width >= 100 else 10.0,
    )


def boxes_near(shown: Anatomy, k: int, heights: Array | None = None) -> list[BoxRecord]:
    """The boxes of that slice of the processed scan which lies nearest to slice k of the scan.

    Boxes live in MNI space; the middle of their native corners says where they lie here.

    Args:
        shown: the case.
        k: slice of the scan.
        heights: `box_heights(shown)`, where many slices are asked for.
    """
    boxes = shown.case.record.boxes_in_force
    if not boxes:
        return []
    away = np.abs((box_heights(shown) if heights is None else heights) - k)
    reach = max(0.5, 1.0 / shown.scan.spacing[2])
    if away.min() > reach:
        return []
    nearest = boxes[int(away.argmin())].k
    return [box for box in boxes if box.k == nearest]


def box_heights(shown: Anatomy) -> Array:
    """Slice of the scan, as a fraction, at which the middle of each box in force lies."""
    return np.array([_corners(box, shown)[:, 2].mean() for box in shown.case.record.boxes_in_force])


def inferno(values: npt.ArrayLike) -> Array:
    """Values in [0, 1] -> RGB in [0, 255]."""
    at = np.clip(np.asarray(values, dtype=np.float64), 0.0, 1.0) * (len(INFERNO) - 1)
    steps = np.arange(len(INFERNO))
    return np.stack([np.interp(at, steps, INFERNO[:, channel]) for channel in range(3)], axis=-1)


def _corners(box: BoxRecord, shown: Anatomy) -> Array:
    return shown.scan.to_index(np.array(box.native_corners_mm))


def _box(box: BoxRecord, shown: Anatomy) -> Stroke:
    corners = _corners(box, shown)[:, :2]
    middle = corners.mean(axis=0)
    turn = np.argsort(np.arctan2(*(corners - middle).T[::-1]))  # whatever their order in the file
    ring = corners[np.append(turn, turn[0])]
    return Stroke("reader_box" if box.source == "reader" else "box", _fractions(ring, shown.crop[:4]))


def _cross(at: Array, crop: tuple[int, ...]) -> list[Stroke]:
    x, y = _fractions(at[None], crop)[0]
    ends = (((x, 0.0), (x, CROSS)), ((x, 1 - CROSS), (x, 1.0)), ((0.0, y), (CROSS, y)), ((1 - CROSS, y), (1.0, y)))
    return [Stroke("cross", np.array(pair)) for pair in ends]


def _radiological(plane: Array) -> Array:
    """Voxels of a slice -> (rows, columns): the ends of both axes on the left and at the top."""
    return plane[::-1, ::-1].T


def _fractions(ij: Array, crop: tuple[int, ...]) -> Array:
    i0, i1, j0, j1 = crop
    return np.stack([(i1 - 0.5 - ij[:, 0]) / (i1 - i0), (j1 - 0.5 - ij[:, 1]) / (j1 - j0)], axis=1)


def _size(width: float, height: float) -> tuple[int, int]:
    scale = PIXELS / max(width, height)
    return max(2, round(width * scale)), max(2, round(height * scale))


def _resized(plane: Array, size: tuple[int, int]) -> Array:
    image = Image.fromarray(np.ascontiguousarray(plane, dtype=np.float32))
    smooth = np.asarray(image.resize(size, Image.Resampling.BICUBIC), dtype=np.float64)
    return np.clip(smooth, 0.0, 1.0)


def _blend(pixels: Array, cam: Array) -> Array:
    opacity = np.where(cam >= CAM_FLOOR, CAM_OPACITY, 0.0)[..., None]
    return np.asarray(pixels * (1 - opacity) + inferno(cam) * opacity)
