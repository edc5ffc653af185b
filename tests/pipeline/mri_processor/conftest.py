"""Fixtures of the MRI-Processor's tests."""

from __future__ import annotations

import numpy as np
import pytest
from known_brain import Patient, turned

from vb_desktop.pipeline.config import Config


@pytest.fixture(scope="session")
def patient() -> Patient:
    matrix = np.eye(4)
    matrix[:3, :3] = turned((8.0, -5.0, 6.0)) @ np.diag([0.98, 0.93, 0.96])
    matrix[:3, 3] = (35.0, -20.0, 60.0)
    return Patient(matrix)


@pytest.fixture(scope="session")
def quick() -> Config:
    """Affine only, on a coarse grid, of a scan that is skull stripped already."""
    return Config().changed(
        input__space="skull-stripped",
        registration__kind="affine",
        registration__spacing_mm=4.0,
        bias_field__iterations=(2,),
    )
