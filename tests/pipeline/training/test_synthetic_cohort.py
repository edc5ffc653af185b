import numpy as np
import pytest

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid
from vb_desktop.pipeline.case import CLASSES
from vb_desktop.pipeline.training.synthetic_cohort import SyntheticCase, SyntheticCohort, content_hash, draw_case
from vb_desktop.pipeline.training.synthetic_signs import SIGNS, Signs

GRID = InputGrid(shape=(64, 64, 54), spacing_mm=3.0, origin_mm=(-94.5, -112.0, -74.0))


def signs(name: str) -> tuple[Signs, int]:
    for label, group in enumerate(SIGNS.values()):
        for one in group:
            if name in one.name:
                return one, label
    raise KeyError(name)


def draw(name: str, seed: int = 0) -> SyntheticCase:
    one, label = signs(name)
    return draw_case(np.random.default_rng(seed), one, label, GRID)


def centre_mm(case: SyntheticCase) -> np.ndarray:
    return np.argwhere(case.tumour).mean(0) * GRID.spacing_mm + GRID.origin_mm


def test_the_same_number_is_the_same_case_and_others_differ() -> None:
    cohort = SyntheticCohort(8, 3, GRID)
    assert content_hash([cohort[5]]) == content_hash([SyntheticCohort(8, 3, GRID)[5]])
    assert np.array_equal(cohort[5].image, SyntheticCohort(100, 3, GRID)[5].image)
    hashes = {content_hash([case]) for case in (cohort[5], cohort[1], SyntheticCohort(8, 4, GRID)[5])}
    assert len(hashes) == 3


def test_classes_take_turns_and_the_end_is_the_end() -> None:
    cohort = SyntheticCohort(6, 0, GRID)
    assert [case.label for case in cohort] == [0, 1, 2, 3, 0, 1]
    with pytest.raises(IndexError):
        cohort[6]


@pytest.mark.parametrize("name", [one.name for group in SIGNS.values() for one in group])
def test_a_case_looks_as_a_processed_scan_does(name: str) -> None:
    case = draw(name, 1)
    assert case.image.shape == case.prior.shape == case.brain.shape == GRID.shape
    assert case.image[case.brain].mean() == pytest.approx(0, abs=1e-3)
    assert case.image[case.brain].std() == pytest.approx(1, abs=1e-3)
    assert not case.image[~case.brain].any() and not case.prior[~case.brain].any()
    assert 0 <= case.prior.min() and case.prior.max() <= 1
    assert case.tumour.any() and not (case.tumour & ~case.brain).any()
    region = case.prior > 0.5
    assert (region & case.tumour).sum() / case.tumour.sum() > 0.5  # the localiser's recall
    assert region.sum() < 12 * case.tumour.sum() + 500


def test_midline_germinoma_is_near_the_midline_and_glioma_is_not() -> None:
    germinoma = [abs(centre_mm(draw("midline", seed))[0]) for seed in range(8)]
    glioma = [abs(centre_mm(draw("irregular ring", seed))[0]) for seed in range(8)]
    assert max(germinoma) < 6
    assert np.median(glioma) > 12


def test_both_hemispheres_are_drawn() -> None:
    sides = {bool(centre_mm(draw("irregular ring", seed))[0] > 0) for seed in range(8)}
    assert sides == {True, False}


def test_glioma_has_a_ring_and_lymphoma_is_solid() -> None:
    for seed in range(3):
        ring, solid = draw("irregular ring", seed), draw("solid, homogeneous", seed)
        assert contrast_of_the_middle(ring) < -1
        assert contrast_of_the_middle(solid) > -0.5
        assert solid.image[inner(solid)].mean() > 1.5


def inner(case: SyntheticCase, share: float = 0.25) -> np.ndarray:
    from scipy import ndimage

    depth = ndimage.distance_transform_edt(case.tumour)
    return depth >= np.quantile(depth[case.tumour], 1 - share)


def contrast_of_the_middle(case: SyntheticCase) -> float:
    """Middle against the brightest part of the rest: negative where there is necrosis."""
    middle = inner(case)
    return float(case.image[middle].mean() - np.quantile(case.image[case.tumour & ~middle], 0.8))


def test_the_cyst_with_a_nodule_is_dark_with_a_bright_spot() -> None:
    case = draw("mural nodule", 2)
    assert np.median(case.image[case.tumour]) < -1
    assert case.image[case.tumour].max() > 1.5
    assert centre_mm(case)[2] < -15  # posterior fossa


def test_oedema_lies_around_the_tumour_and_is_dark() -> None:
    from scipy import ndimage

    wide, label = signs("irregular ring")
    case = draw_case(np.random.default_rng(4), wide, label, GRID)
    distance = ndimage.distance_transform_edt(~case.tumour, sampling=GRID.spacing_mm)
    near = case.brain & (distance > 3) & (distance < 9)
    far = case.brain & (distance > 40)
    assert np.quantile(case.image[near], 0.9) < np.quantile(case.image[far], 0.9)


def test_every_class_has_signs_with_a_source() -> None:
    assert tuple(SIGNS) == CLASSES
    for group in SIGNS.values():
        assert sum(one.weight for one in group) == pytest.approx(1)
        for one in group:
            assert any(year in one.source for year in map(str, range(1980, 2027)))
            assert sum(share for _, share in one.places) == pytest.approx(1)
