import numpy as np
import pytest

from vb_desktop.pipeline.case import Volume
from vb_desktop.pipeline.errors import LocalizationFailed
from vb_desktop.pipeline.tumor_localizer.detector_grid import (
    AFFINE,
    LOWEST,
    SHAPE,
    detector_input,
    from_detector_grid,
    normalised,
    to_detector_grid,
)


def test_a_place_keeps_its_millimetres_on_the_way_there_and_back():
    affine = np.array([[1.0, 0, 0, -98], [0, 1, 0, -134], [0, 0, 1, -72], [0, 0, 0, 1]])
    volume = Volume(np.zeros((197, 233, 189), np.float32), affine)
    at = np.array([[31.0, -40.0, 25.0]])
    i, j, k = np.round(volume.to_index(at)[0]).astype(int)
    volume.voxels[i - 4 : i + 5, j - 4 : j + 5, k - 4 : k + 5] = 1
    there = to_detector_grid(volume)
    assert there.shape == SHAPE
    centre = Volume(there, AFFINE).to_mm(np.argwhere(there > 0.5)).mean(axis=0)
    assert np.abs(centre - at).max() < 1.01
    back = from_detector_grid(there, volume)
    assert np.abs(volume.to_mm(np.argwhere(back > 0.5)).mean(axis=0) - at).max() < 1.01
    x = AFFINE[0, 3] + 2 * np.arange(SHAPE[0])
    assert np.allclose(x, -x[::-1])  # a flip mirrors about the midline


def test_white_matter_is_zero_whatever_the_scale(template_brain):
    processed = template_brain(1)
    image, brain = detector_input(processed)
    stretched = processed.volume.like(processed.volume.voxels * 7 + 3 * (processed.mask.voxels > 0))
    again, _ = detector_input(type(processed)(stretched, processed.mask, *(processed.mask,) * 2, processed.transforms))
    assert np.abs(image - again)[brain].max() < 0.02
    assert abs(np.median(image[40 - 14 : 40 - 10, 48:60, 50])) < 0.5  # white matter beside the ventricles
    assert (image[~brain] == LOWEST).all() and image[brain].std() > 0.5


def test_a_brain_of_almost_nothing_is_said():
    with pytest.raises(LocalizationFailed):
        normalised(np.ones(SHAPE, np.float32), np.zeros(SHAPE, bool))
