"""What the gates measure, on shapes and brains whose figures are known."""

from __future__ import annotations

import numpy as np
import pytest

from vb_desktop.pipeline.case import Volume
from vb_desktop.pipeline.messages import ENGLISH
from vb_desktop.pipeline.mri_processor.anatomical_axes import axes_fit
from vb_desktop.pipeline.mri_processor.gates.head_coverage import flattest_end
from vb_desktop.pipeline.mri_processor.gates.kind_of_scan import hounsfield_air
from vb_desktop.pipeline.mri_processor.gates.record import at_least, at_most
from vb_desktop.pipeline.mri_processor.overlap import information_around
from vb_desktop.pipeline.mri_processor.template import template, template_mask


def ball(radius_mm: float, spacing: float) -> Volume:
    n = int(2 * radius_mm / spacing) + 7
    distance = np.linalg.norm((np.indices((n, n, n)).T - (n - 1) / 2) * spacing, axis=-1)
    return Volume((distance <= radius_mm).T.astype(np.uint8), np.diag([spacing, spacing, spacing, 1.0]))


@pytest.mark.parametrize("spacing", [1.0, 2.0, 5.0])
def test_a_ball_ends_rounded_whatever_the_slices(spacing: float) -> None:
    assert flattest_end(ball(75.0, spacing))[1] < 10


def test_half_a_ball_is_cut_at_its_middle() -> None:
    whole = ball(60.0, 2.0)
    half = Volume(whole.voxels[:, :, whole.voxels.shape[2] // 2 :], whole.affine)
    where, area = flattest_end(half)
    assert where == "base" and area == pytest.approx(np.pi * 36 - 9.4, rel=0.03)


def test_the_template_fits_best_as_it_lies_and_its_mirror_image_as_well() -> None:
    right = axes_fit(template(), template_mask())
    mirrored = [Volume(one.voxels[::-1], one.affine) for one in (template(), template_mask())]
    assert right.lead > 0.3
    assert axes_fit(mirrored[0], mirrored[1]).as_header == pytest.approx(right.as_header, abs=1e-9)


def test_the_template_resembles_itself_best_where_it_lies() -> None:
    here, best = information_around(template(), template_mask())
    assert here > 2 * best


def test_air_counts_only_beside_soft_tissue() -> None:
    voxels = np.full((40, 40, 40), -1000.0, np.float32)
    grid = Volume(voxels, np.eye(4))
    assert hounsfield_air(grid) == 0
    voxels[10:30, 10:30, 10:30] = 30.0
    assert hounsfield_air(grid) == pytest.approx(0.875, abs=0.01)


def test_colours_by_limits() -> None:
    assert [at_least(x, 3, 2) for x in (3.0, 2.0, 1.9)] == [("green", 3), ("amber", 3), ("red", 2)]
    assert [at_most(x, 2, 3) for x in (2.0, 3.0, 3.1)] == [("green", 2), ("amber", 2), ("red", 3)]


def test_what_is_not_green_says_what_to_do() -> None:
    said = {
        id_: text for id_, text in ENGLISH.items() if id_.startswith("gate.") and (".amber" in id_ or ".red" in id_)
    }
    verbs = ("look", "choose", "check", "make sure", "compare", "correct")
    assert len(said) > 20
    assert [id_ for id_, text in said.items() if not any(verb in text.lower() for verb in verbs)] == []
