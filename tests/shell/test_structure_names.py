"""The structure under the mouse."""

from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.measurement.location import atlas
from vb_desktop.pipeline.measurement.structures import BY_CODE
from vb_desktop.shell.structure_names import structure_at


def test_deep_structures_have_their_name_and_side() -> None:
    assert structure_at(np.array([12.0, -18, 8])).startswith("right thalamus")
    assert structure_at(np.array([-12.0, -18, 8])).startswith("left thalamus")
    assert structure_at(np.array([500.0, 0, 0])) == ""


def test_every_structure_of_the_atlas_has_a_name() -> None:
    codes = atlas()
    for code in BY_CODE:
        places = np.argwhere(codes.voxels == code)
        if len(places):
            said = structure_at(codes.to_mm(places[:1].astype(float))[0])
            assert said.endswith("mm)")
            assert "_" not in said
