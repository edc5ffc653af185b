import numpy as np
import pytest

from vb_desktop.pipeline.training.localizer.deep_places import PLACES, deep_place, with_cistern
from vb_desktop.pipeline.training.localizer.folds import patient_folds
from vb_desktop.pipeline.training.localizer.grid_case import (
    BRAIN_BIT,
    CORE_BIT,
    ENHANCING_BIT,
    UNSURE_BIT,
    WHOLE_BIT,
    GridCase,
    healed,
    marks_of,
)
from vb_desktop.pipeline.training.localizer.moved_lesions import move_lesion
from vb_desktop.pipeline.training.localizer.pool import synthetic_case
from vb_desktop.pipeline.training.localizer.pool_store import keep_pool
from vb_desktop.pipeline.training.localizer.synthetic_brains import template_brain
from vb_desktop.pipeline.training.localizer.synthetic_lesions import draw_lesions
from vb_desktop.pipeline.tumor_localizer.detector_grid import AFFINE, LOWEST, SHAPE, STEP_MM, normalised


def patient(seed=0):
    """A 'real' case: the template's brain with a ring on one side."""
    rng = np.random.default_rng(seed)
    image, brain = template_brain(rng)
    away = np.indices(SHAPE) - np.array([58, 44 + seed, 44]).reshape(3, 1, 1, 1)
    core, inner = ((away**2).sum(axis=0) <= radius**2 for radius in (6, 4))  # a ring of 12 mm
    image = np.where(core, np.where(inner, -3, 4), image)
    marks = marks_of(core=core, whole=core, enhancing=core & ~inner, brain=brain)
    return GridCase(f"p{seed}", (f"p{seed}",), normalised(image, brain).astype(np.float16), marks, True)


@pytest.fixture(scope="module")
def patients():
    return [patient(0), patient(3)]


def test_synthetic_cases_are_repeatable_and_know_their_patients(patients, tmp_path):
    pool = keep_pool(patients, 4, 7, tmp_path)
    for number, case in enumerate(pool):
        core, whole, brain = case.mark(CORE_BIT), case.mark(WHOLE_BIT), case.mark(BRAIN_BIT)
        assert (core <= whole).all() and (whole <= brain).all()
        assert (case.image[~brain] == LOWEST).all() and np.isfinite(case.image).all()
        assert set(case.patients) <= {"p0", "p3"}
        assert (case.patients == ()) == ("template" in case.name)
        if number == 0:
            again = synthetic_case(patients, 0, 7)
            assert np.array_equal(again.image, case.image) and np.array_equal(again.marks, case.marks)
    before = (tmp_path / "images.npy").stat().st_mtime_ns
    kept = keep_pool(patients, 4, 7, tmp_path, on_case=lambda n: pytest.fail("drawn again"))
    assert [case.name for case in kept] == [case.name for case in pool]
    assert (tmp_path / "images.npy").stat().st_mtime_ns == before


def test_drawn_lesions_have_the_size_range_and_lie_in_the_brain():
    rng = np.random.default_rng(5)
    image, brain = template_brain(rng)
    for _ in range(3):
        lesion = draw_lesions(rng, image, brain, brain)
        if lesion.core.any():
            assert 0.25 <= lesion.core.sum() * STEP_MM**3 / 1000 <= 250
        assert not (lesion.core & ~brain).any() and (lesion.enhancing <= lesion.core).all()
        assert np.abs(lesion.image - image)[lesion.core].mean() > 0.1 or not lesion.core.any()


def test_deep_places_lie_where_they_are_named_on_both_sides():
    rng = np.random.default_rng(2)
    drawn = [deep_place(rng) for _ in range(300)]
    for place, centre in drawn:
        x, y, z = (AFFINE @ [*centre, 1])[:3]
        away = np.abs(np.array([abs(x) if place.centre_mm[0] > 8 else x, y, z]) - place.centre_mm)
        assert (away <= 2 * np.array(place.spread_mm) + 2 * abs(place.centre_mm[0]) * np.array([1, 0, 0])).all()
    assert {place for place, _ in drawn} == set(PLACES)
    right = np.mean([centre[0] > 39.5 for _, centre in drawn])  # x = 0 lies between two voxels
    assert 0.4 < right < 0.6


def test_a_tumour_above_the_sella_may_leave_the_brains_outline_but_not_go_far():
    brain = np.zeros(SHAPE, bool)
    brain[20:60, 20:60, 30:60] = True
    lesion = np.zeros(SHAPE, bool)
    lesion[38:42, 38:42, 10:34] = True
    held = with_cistern(brain, lesion)
    assert held[40, 40, 27] and not held[40, 40, 20] and (held >= brain).all()
    assert (held & ~brain <= lesion).all()


def test_a_healed_brain_has_the_other_sides_tissue(patients):
    case = patients[0]
    image, left = healed(case, np.random.default_rng(0))
    core = case.mark(CORE_BIT)
    mirrored = case.image[::-1].astype(np.float32)
    assert np.abs(image - mirrored)[core].mean() < 0.25 * np.abs(case.image.astype(np.float32) - mirrored)[core].mean()
    assert not left.any()


def test_a_moved_lesion_keeps_its_looks(patients):
    donor, host = patients
    image, _ = healed(host, np.random.default_rng(0))
    moved = move_lesion(np.random.default_rng(2), donor, image, host.mark(BRAIN_BIT))
    assert moved is not None and moved.core.sum() >= 30
    inside = moved.image[moved.core].mean()
    assert abs(inside - donor.image[donor.mark(CORE_BIT)].astype(np.float32).mean()) < 2.0
    far = host.mark(BRAIN_BIT) & ~moved.whole
    assert np.abs(moved.image - image)[far].mean() < 0.1


def test_marks_are_bits_within_the_brain():
    brain = np.zeros((3, 3, 3), bool)
    brain[1:] = True
    everywhere = np.ones_like(brain)
    marks = marks_of(core=everywhere, whole=~everywhere, enhancing=everywhere, brain=brain)
    assert (marks[0] == 0).all()
    assert (marks[1:] == CORE_BIT | WHOLE_BIT | ENHANCING_BIT | BRAIN_BIT).all() and not (marks & UNSURE_BIT).any()


def test_folds_hold_every_patient_out_once_and_are_stratified():
    nothing = np.zeros((1, 1, 1), np.uint8)
    cases = [GridCase(f"c{n}", (f"c{n}",), nothing, nothing, n < 10) for n in range(18)]
    folds = patient_folds(cases, 6)
    assert sorted(name for fold in folds for name in fold) == sorted(case.name for case in cases)
    assert {len(fold) for fold in folds} == {3}
    enhancing = [sum(int(name[1:]) < 10 for name in fold) for fold in folds]
    assert set(enhancing) <= {1, 2}
    with pytest.raises(ValueError):
        patient_folds(cases, 19)
