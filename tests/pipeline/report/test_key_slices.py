from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.report.key_slices import evenly_spaced, key_slices, largest_slice


def cone(heights: range, total: int = 40) -> np.ndarray:
    """A region that is larger on every slice upwards."""
    mask = np.zeros((30, 30, total), bool)
    for n, k in enumerate(heights, start=1):
        mask[: n + 1, :3, k] = True
    return mask


def test_the_slice_with_the_largest_area_is_among_them() -> None:
    mask = cone(range(8, 30))
    chosen = key_slices(mask, 5)
    assert largest_slice(mask) == 29
    assert 29 in chosen
    assert len(chosen) == 5
    assert chosen == sorted(chosen)
    assert chosen[0] < 14  # and the rest runs through the region


def test_a_region_of_few_slices_is_shown_whole() -> None:
    assert key_slices(cone(range(3, 6)), 6) == [3, 4, 5]


def test_slices_without_region_are_not_chosen() -> None:
    mask = cone(range(10, 14)) | cone(range(30, 34))
    assert set(key_slices(mask, 6)) <= {10, 11, 12, 13, 30, 31, 32, 33}


def test_an_empty_mask_has_no_slices() -> None:
    empty = np.zeros((4, 4, 4), bool)
    assert key_slices(empty, 6) == []
    assert evenly_spaced(empty, 6) == []


def test_evenly_spaced_slices_keep_their_distance() -> None:
    chosen = evenly_spaced(cone(range(0, 40)), 4)
    assert chosen == [5, 15, 25, 35]
