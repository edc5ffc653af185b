import numpy as np
import pytest

from vb_desktop.pipeline.adaptive_diagnoser.views import spread, views


def test_the_case_comes_first_and_then_its_mirrored_and_moved_copies() -> None:
    image = np.zeros((5, 5, 5), np.float32)
    image[1, 2, 3] = 1
    where = [tuple(int(n) for n in np.argwhere(view)[0]) for view, _ in views(image, image)]
    assert where == [(1, 2, 3), (3, 2, 3), (2, 3, 4), (2, 1, 2)]
    assert [tuple(int(n) for n in np.argwhere(view)[0]) for view, _ in views(image, image, mirror=False)] == [
        (1, 2, 3), (2, 3, 4), (0, 1, 2),
    ]  # fmt: skip


def test_image_and_prior_stay_together_and_nothing_comes_in_at_the_other_side() -> None:
    image = np.random.default_rng(0).random((4, 5, 6))
    for view, prior in views(image, 2 * image):
        assert np.array_equal(prior, 2 * view) and view.sum() <= image.sum() + 1e-9


def test_spread_by_hand() -> None:
    found = spread(np.array([[0.6, 0.4], [0.8, 0.2], [0.4, 0.6], [0.6, 0.4]]))
    assert (found.copies, found.others) == (3, 1)
    assert found.deviation == pytest.approx([np.sqrt(0.02)] * 2)
