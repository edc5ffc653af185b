"""The structure under the mouse."""

from __future__ import annotations

import numpy as np

from vb_desktop.shell.structure_names import structure_at


def test_deep_structures_have_their_name_and_side() -> None:
    assert structure_at(np.array([12.0, -18, 8])).startswith("right thalamus")
    assert structure_at(np.array([-12.0, -18, 8])).startswith("left thalamus")
    assert structure_at(np.array([500.0, 0, 0])) == ""
