"""Fixtures of the tests of a whole run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from fake_stages import AFFINE, SHAPE, Fakes


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fakes]:
    """The stand-ins in the modules' places."""
    from vb_desktop.pipeline.adaptive_diagnoser import adaptive_diagnoser
    from vb_desktop.pipeline.mri_processor import gates, mri_processor
    from vb_desktop.pipeline.tumor_localizer import tumor_localizer

    fakes = Fakes()
    monkeypatch.setattr(mri_processor, "MRIProcessor", lambda config: fakes.process)
    monkeypatch.setattr(tumor_localizer, "TumorLocalizer", lambda config: fakes)
    monkeypatch.setattr(adaptive_diagnoser, "AdaptiveDiagnoser", lambda config: fakes.diagnose)
    monkeypatch.setattr(gates, "quality_gates", fakes.gates)
    yield fakes


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A head of sorts: a bright ellipsoid in air, 160 x 176 x 144 mm."""
    grid = np.stack(np.meshgrid(*[np.linspace(-1, 1, n) for n in SHAPE], indexing="ij"))
    head = np.where((grid**2).sum(axis=0) < 0.9, 100.0 + 20.0 * grid[0], 0.0).astype(np.float32)
    path = tmp_path / "scan.nii.gz"
    nib.save(nib.Nifti1Image(head, AFFINE), path)
    return path
