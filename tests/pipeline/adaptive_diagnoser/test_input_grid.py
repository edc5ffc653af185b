import numpy as np
import pytest

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid, network_input, resample, standardise
from vb_desktop.pipeline.case import Volume

MNI = np.array([[1.0, 0, 0, -98], [0, 1, 0, -134], [0, 0, 1, -72], [0, 0, 0, 1]])
SHAPE = (197, 233, 189)


def ball(
    centre: tuple[float, float, float], radius: float, affine: np.ndarray = MNI, shape: tuple[int, ...] = SHAPE
) -> Volume:
    axes = [affine[n, 3] + affine[n, n] * np.arange(shape[n]) - centre[n] for n in range(3)]
    squares = axes[0][:, None, None] ** 2 + axes[1][None, :, None] ** 2 + axes[2][None, None, :] ** 2
    return Volume((squares < radius**2).astype(np.float32), affine)


def centroid_mm(voxels: np.ndarray, affine: np.ndarray) -> np.ndarray:
    ijk = np.argwhere(voxels > 0)
    return affine[:3, :3] @ np.average(ijk, axis=0, weights=voxels[voxels > 0]) + affine[:3, 3]


def test_the_grid_holds_the_template_brain_and_is_symmetric() -> None:
    grid = InputGrid()
    first, last = grid.affine[:3, 3], grid.affine @ [*(np.array(grid.shape) - 1), 1]
    assert (first < (-72, -107, -72)).all() and (last[:3] > (72, 74, 83)).all()
    assert first[0] == -last[0]
    assert grid.shape[0] == grid.shape[1]


@pytest.mark.parametrize("centre", [(-40.0, -30.0, 20.0), (35.0, 30.0, -20.0)])
def test_left_stays_left_there_and_back(centre: tuple[float, float, float]) -> None:
    grid = InputGrid()
    there = grid.sample(ball(centre, 9))
    assert np.allclose(centroid_mm(there, grid.affine), centre, atol=0.1)
    back = resample(there, grid.affine, MNI, SHAPE)
    assert np.allclose(centroid_mm(back, MNI), centre, atol=0.1)


def test_a_small_lesion_is_not_skipped() -> None:
    grid = InputGrid()
    for shift in (0.0, 0.5, 1.0):
        there = grid.sample(ball((10 + shift, 0, 0), 1.1))
        assert there.sum() * 8 == pytest.approx(ball((10 + shift, 0, 0), 1.1).voxels.sum(), rel=0.05)


def test_a_flipped_template_gives_the_same_anatomy() -> None:
    grid = InputGrid()
    flipped = MNI.copy()
    flipped[0] = [-1, 0, 0, 98]
    assert np.allclose(grid.sample(ball((-40, 0, 0), 12, flipped)), grid.sample(ball((-40, 0, 0), 12)), atol=1e-5)


def test_interpolation_is_linear_and_zero_outside() -> None:
    line = np.arange(4.0).reshape(4, 1, 1) + 1
    fine = np.diag([0.5, 1, 1, 1.0])
    out = resample(line, np.eye(4), fine, (12, 1, 1)).ravel()
    assert np.allclose(out[:7], [1, 1.5, 2, 2.5, 3, 3.5, 4])
    assert np.allclose(out[7:], [2, 0, 0, 0, 0])
    assert not resample(
        line, np.eye(4), np.array([[1.0, 0, 0, 500], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]), (3, 1, 1)
    ).any()


def test_oblique_grids_are_refused() -> None:
    oblique = np.eye(4)
    oblique[0, 1] = 0.2
    with pytest.raises(ValueError, match="parallel"):
        resample(np.zeros((3, 3, 3)), np.eye(4), oblique, (3, 3, 3))


def test_standardise_ignores_an_outlier_and_the_outside() -> None:
    rng = np.random.default_rng(0)
    image = rng.normal(100, 20, (20, 20, 20))
    brain = np.zeros(image.shape, bool)
    brain[4:16, 4:16, 4:16] = True
    image[10, 10, 10] = 32767
    z = standardise(image, brain)
    assert abs(z[brain].mean()) < 1e-3 and z[brain].std() == pytest.approx(1, abs=1e-3)
    assert not z[~brain].any()
    rest = brain.copy()
    rest[10, 10, 10] = False
    assert z[rest].std() > 0.1


def test_network_input_keeps_the_prior_in_the_brain() -> None:
    grid = InputGrid()
    mask = ball((0, -16, 6), 60)
    image, prior, brain = network_input(grid, mask, mask, Volume(np.ones(SHAPE, np.float32), MNI))
    assert image.shape == prior.shape == brain.shape == grid.shape
    assert np.array_equal(prior > 0, brain)
    with pytest.raises(ValueError, match="brain mask"):
        network_input(grid, mask, ball((0, 0, 0), 0), mask)
