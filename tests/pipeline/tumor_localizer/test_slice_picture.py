from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vb_desktop.pipeline.case import ProcessedScan, Transforms, Volume
from vb_desktop.pipeline.tumor_localizer.slice_picture import Frame, Window, picture_hash, png, slice_pixels


def scan(shape: tuple[int, int, int] = (60, 80, 10), spacing: tuple[float, float] = (1.0, 1.0)) -> ProcessedScan:
    """A dark ellipsoid of brain with a bright block in the patient's right frontal part (high i, high j)."""
    i, j = np.ogrid[: shape[0], : shape[1]]
    brain = ((i / shape[0] - 0.5) ** 2 + (j / shape[1] - 0.5) ** 2 < 0.2)[:, :, None].repeat(shape[2], 2)
    voxels = np.where(brain, np.random.default_rng(0).normal(0, 0.3, shape), 0).astype(np.float32)
    voxels[40:48, 55:65] = 9
    affine = np.diag([*spacing, 1.0, 1.0])
    mask = Volume(brain.astype(np.uint8), affine)
    return ProcessedScan(Volume(voxels, affine), mask, mask, Volume(voxels, affine), Transforms(Path()))


def pixels_of(processed: ProcessedScan, side: int = 320, window: Window | None = None) -> np.ndarray:
    window, frame = window or Window.of(processed, 1.0), Frame.of(processed.mask)
    return slice_pixels(processed.volume.voxels[:, :, 5], processed.mask.voxels[:, :, 5], frame, window, side)


def test_radiological_orientation() -> None:
    pixels = pixels_of(scan(), window=Window(0, 9))
    rows, columns = np.nonzero(pixels > 128)
    assert columns.mean() < 160  # the patient's right is at the left edge
    assert rows.mean() < 160  # anterior is up


@pytest.mark.parametrize("spacing", [(1.0, 1.0), (2.0, 1.5), (3.0, 3.0)])
@pytest.mark.parametrize("shape", [(60, 80, 10), (80, 60, 10), (33, 33, 4)])
def test_boxes_on_the_picture_come_back_to_their_voxels(
    shape: tuple[int, int, int], spacing: tuple[float, float]
) -> None:
    frame = Frame.of(scan(shape, spacing).mask)
    for i0, i1, j0, j1 in [(12, 20, 10, 25), (20, 21, 15, 16), (8, 30, 12, 13)]:
        assert frame.to_voxels(frame.to_relative(i0, i1, j0, j1), shape[:2]) == (i0, i1, j0, j1)


def test_what_is_drawn_and_what_is_computed_agree() -> None:
    processed = scan()
    rows, columns = np.nonzero(pixels_of(processed, 640, Window(0, 9)) > 128)
    edges = [edge * 1000 / 640 for edge in (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)]
    found = Frame.of(processed.mask).to_voxels((edges[0], edges[1], edges[2], edges[3]), (60, 80))
    assert found is not None
    assert np.abs(np.array(found) - (40, 48, 55, 65)).max() <= 1


def test_the_picture_is_a_square_around_the_brain() -> None:
    processed = scan((100, 60, 10))
    frame = Frame.of(processed.mask)
    assert frame.count[0] == frame.count[1] and frame.count[0] < 100
    assert pixels_of(processed, 128).shape == (128, 128)
    stretched = Frame.of(scan(spacing=(2.0, 1.0)).mask)
    assert abs(2 * stretched.count[0] - stretched.count[1]) <= 1


def test_boxes_beside_the_slice_are_none_and_thin_ones_a_voxel() -> None:
    frame = Frame((0, 0), (100, 100))
    assert frame.to_voxels((0, 0, 1000, 1000), (50, 100)) == (0, 50, 0, 100)
    assert frame.to_voxels((0, 0, 100, 100), (50, 100)) is None
    assert frame.to_voxels((700, 700, 701, 701), (50, 100)) == (29, 30, 29, 30)


def test_a_few_bright_voxels_do_not_darken_the_rest() -> None:
    processed = scan()
    before = Window.of(processed, 1.0)
    voxels = processed.volume.voxels.copy()
    voxels[30, 40:44, 5] = 500
    after = Window.of(ProcessedScan(
        Volume(voxels, processed.volume.affine), processed.mask, processed.mask, processed.volume, Transforms(Path())
    ), 1.0)  # fmt: skip
    assert after.white == pytest.approx(before.white, rel=0.01)


def test_png_holds_pixels_alone() -> None:
    pixels = pixels_of(scan(), 64)
    with Image.open(io.BytesIO(png(pixels))) as picture:
        assert picture.mode == "RGB" and not picture.info
        assert np.array_equal(np.asarray(picture)[:, :, 0], pixels)


def test_the_hash_knows_pixels_and_shape() -> None:
    pixels = pixels_of(scan(), 64)
    other = pixels.copy()
    other[0, 0] ^= 1
    assert len({picture_hash(pixels), picture_hash(other), picture_hash(pixels.reshape(32, 128))}) == 3
