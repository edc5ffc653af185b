from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from vb_desktop.pipeline.case import CLASSES
from vb_desktop.pipeline.cohort import synthetic_parameters as given
from vb_desktop.pipeline.cohort.synthesize import labels_of, parameters_hash
from vb_desktop.pipeline.mri_processor.template import template_mask

FROZEN = "c1f58fa2b17161bfa4c50b439e5e602ca327eda132e3f0c484cd67341494435f"
EVERY = [entity for entities in given.ENTITIES.values() for entity in entities]


def test_the_parameters_are_those_of_the_experiments() -> None:
    """Fixed before the first training: whoever changes them draws another cohort, and must say so in the reports."""
    assert parameters_hash() == FROZEN


def test_each_source_that_is_named_is_listed() -> None:
    text = Path(given.__file__).read_text(encoding="utf-8")
    named = {name for comment in re.findall(r"#.*", text) for name in re.findall(r"\[([a-z]+\d*)\]", comment)}
    assert named - {"choice"} <= set(given.SOURCES)
    assert set(given.SOURCES) <= named


def test_shares_sum_to_one() -> None:
    assert set(given.ENTITIES) == set(CLASSES) == set(given.SHARES)
    assert sum(given.SHARES.values()) == pytest.approx(1)
    for entities in given.ENTITIES.values():
        assert sum(entity.share for entity in entities) == pytest.approx(1)
    for entity in EVERY:
        assert sum(share for _, share in entity.places) == pytest.approx(1), entity.name
        assert sum(share for _, share in entity.patterns) == pytest.approx(1), entity.name
        assert sum(share for _, share in entity.oedema) == pytest.approx(1), entity.name


def test_places_lie_in_the_brain() -> None:
    mask = template_mask()
    for place in {place for entity in EVERY for place, _ in (*entity.places, *entity.second_places)}:
        index = np.round(mask.to_index(np.array([place.centre_mm]))[0]).astype(int)
        near = mask.voxels[tuple(slice(i - 8, i + 9) for i in index)]
        assert near.mean() > 0.3, place


def test_classes_have_their_shares() -> None:
    labels = labels_of(249, 0)
    assert {label: labels.count(label) for label in CLASSES} == {
        "glioma": 105,
        "pcnsl": 65,
        "germinoma": 32,
        "other": 47,
    }
    assert labels == labels_of(249, 0) != labels_of(249, 1)
    assert len(labels_of(10, 3)) == 10
