from __future__ import annotations

import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.cohort.diffeomorphism import finer, flow, jacobian_determinant


def velocity(size: float) -> np.ndarray:
    noise = np.random.default_rng(0).standard_normal((3, 24, 28, 20)).astype(np.float32)
    smooth = np.stack([ndimage.gaussian_filter(part, 3) for part in noise])
    return size * smooth / smooth.std()


def test_large_warps_do_not_fold() -> None:
    naive = velocity(3.0)
    assert jacobian_determinant(naive).min() < 0  # the field itself, taken as displacement, folds
    assert jacobian_determinant(flow(naive)).min() > 0


def test_the_flow_backwards_undoes_it() -> None:
    there, back = flow(velocity(1.0)), flow(-velocity(1.0))
    at = np.indices(there.shape[1:], dtype=np.float32) + there
    round_trip = there + np.stack([ndimage.map_coordinates(part, at, order=1, mode="nearest") for part in back])
    inner = (slice(None), slice(5, -5), slice(5, -5), slice(5, -5))
    assert np.abs(round_trip[inner]).max() < 0.25 < np.abs(there[inner]).max()


def test_a_shift_stays_a_shift_on_the_finer_grid() -> None:
    shift = np.full((3, 6, 7, 8), 1.5, np.float32)
    assert np.allclose(finer(shift, (20, 24, 28), 4), 1.5, atol=1e-5)
    ramp = np.broadcast_to(np.arange(8, dtype=np.float32), (1, 6, 7, 8))
    assert np.allclose(finer(ramp, (20, 24, 28), 4)[0, 5, 5, 4:24], np.arange(4, 24) / 4, atol=1e-4)
