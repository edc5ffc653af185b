"""Outliers, negative values, the z-score, the bias field and the contrast that is seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from known_brain import GRIDS, Patient

from vb_desktop.pipeline.case import ProcessedScan, Transforms, Volume
from vb_desktop.pipeline.config import BiasFieldConfig
from vb_desktop.pipeline.errors import ProcessingFailed
from vb_desktop.pipeline.mri_processor.bias_field import correct
from vb_desktop.pipeline.mri_processor.contrast import tissue_contrast
from vb_desktop.pipeline.mri_processor.grids import resample, world_grid
from vb_desktop.pipeline.mri_processor.intensity import tame, z_score
from vb_desktop.pipeline.mri_processor.template import template, template_mask


def test_spikes_are_cut_and_tissue_is_kept() -> None:
    rng = np.random.default_rng(0)
    voxels = rng.normal(500, 80, (30, 30, 30)).astype(np.float32).clip(1)
    spiky = voxels.copy()
    spiky[3, 4, 5:9] = 32767
    mask = np.ones(voxels.shape, np.uint8)
    tamed = tame(spiky, mask)
    assert tamed.max() <= 2 * np.percentile(spiky, 99.5)
    assert np.array_equal(tamed[:3], voxels[:3])


def test_negative_values_become_positive_and_outside_is_empty() -> None:
    rng = np.random.default_rng(1)
    voxels = rng.normal(0, 1, (20, 20, 20)).astype(np.float32)
    mask = np.zeros(voxels.shape, np.uint8)
    mask[5:15, 5:15, 5:15] = 1
    tamed = tame(voxels, mask)
    assert tamed.min() >= 0 and not tamed[mask == 0].any()
    inside = mask > 0
    assert np.corrcoef(tamed[inside], voxels[inside])[0, 1] > 0.99


def test_one_value_only_is_refused() -> None:
    with pytest.raises(ProcessingFailed, match="all the same"):
        tame(np.full((8, 8, 8), 3.0, np.float32), np.ones((8, 8, 8), np.uint8))


def test_z_score_is_of_the_mask() -> None:
    rng = np.random.default_rng(2)
    volume = Volume(rng.gamma(3, 100, (20, 20, 20)).astype(np.float32), np.eye(4))
    mask = volume.like((volume.voxels > 150).astype(np.uint8))
    scored = z_score(volume, mask)
    inside = mask.voxels > 0
    assert scored.voxels.dtype == np.float32 and not scored.voxels[~inside].any()
    assert abs(scored.voxels[inside].mean()) < 1e-5 and abs(scored.voxels[inside].std() - 1) < 1e-5


@pytest.mark.parametrize("grid", ["oblique", "anisotropic"])
def test_n4_removes_most_of_a_known_field(patient: Patient, grid: str) -> None:
    clean = patient.scan(GRIDS[grid](patient))
    inside = clean.voxels > 0
    mask = clean.like(inside.astype(np.uint8))
    index = np.stack(np.meshgrid(*(np.arange(n) for n in clean.voxels.shape), indexing="ij"), -1).reshape(-1, 3)
    x, y, z = ((clean.to_mm(index) - patient.place(np.zeros(3))) / 80.0).T.reshape(3, *clean.voxels.shape)
    field = np.exp(0.25 * x - 0.2 * y * z + 0.15 * z)
    shaded = clean.like((clean.voxels * field).astype(np.float32))
    white = clean.voxels > np.percentile(clean.voxels[inside], 75)

    def unevenness(volume: Volume) -> float:
        return float(
            (volume.voxels[white] / clean.voxels[white]).std() / (volume.voxels[white] / clean.voxels[white]).mean()
        )

    corrected = correct(shaded, mask, BiasFieldConfig())
    assert unevenness(shaded) > 0.10
    assert unevenness(corrected) < 0.5 * unevenness(shaded)
    assert not corrected.voxels[~inside].any() and np.isfinite(corrected.voxels).all()


def test_the_world_grid_holds_an_oblique_mask(patient: Patient) -> None:
    scan = patient.scan(GRIDS["oblique"](patient))
    mask = scan.like((scan.voxels > 0).astype(np.uint8))
    affine, shape = world_grid(mask, 2.0, 4.0)
    there = resample(mask, affine, shape)
    assert there.voxels.sum() * 8 == pytest.approx(mask.voxels.sum() * 8, rel=0.01)
    assert not there.voxels[[0, -1]].any() and not there.voxels[:, :, [0, -1]].any()


def test_vessels_after_contrast_agent_are_seen() -> None:
    plain = z_score(template(), template_mask())
    bright = plain.voxels.copy()
    bright[60:64, 60:180, 88:94] = 2.6 * plain.voxels.max()  # 2.9 mL of vessels
    grid = Transforms(Path("nowhere"))
    without, with_agent = (
        tissue_contrast(ProcessedScan(plain.like(v), template_mask(), template_mask(), plain, grid))
        for v in (plain.voxels, bright)
    )
    assert without.bright_spots < 4 and with_agent.bright_spots > 7
    assert without.white_over_grey == pytest.approx(with_agent.white_over_grey, abs=0.01)
