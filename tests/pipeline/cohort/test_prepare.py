from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from cohort_files import put

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid, standardise
from vb_desktop.pipeline.case import CoarsePrior, Localization, ProcessedScan, RefinedPrior, Scan, Transforms
from vb_desktop.pipeline.cohort import prepare
from vb_desktop.pipeline.cohort.cohort import Cohort
from vb_desktop.pipeline.cohort.prepare import prepare_cohort
from vb_desktop.pipeline.cohort.read_cohort import read_cohort
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import ProcessingFailed

GRID = InputGrid(shape=(20, 20, 18), spacing_mm=8.0, origin_mm=(-76, -80, -72))


class Stages:
    """Quick stand-ins: an ellipsoid for a brain, a prior in its middle; counts its calls."""

    def __init__(self) -> None:
        self.processed: list[str] = []
        self.finds, self.fails = True, False

    def processor(self, config: Config) -> object:
        def process(scan: Scan, work: Path) -> ProcessedScan:
            if self.fails and len(self.processed) == 1:
                self.processed.append("failed")
                raise ProcessingFailed("mri_processor.flat")
            self.processed.append(config.input.space)
            mask = scan.volume.like((scan.volume.voxels > 0).astype(np.uint8))
            volume = scan.volume.like(standardise(scan.volume.voxels, mask.voxels > 0))
            return ProcessedScan(volume, mask, mask, scan.volume, Transforms(work))

        return process

    def localizer(self, config: Config) -> object:
        def locate(processed: ProcessedScan) -> Localization:
            if not self.finds:
                return Localization((), None, None, 20)
            prior = np.zeros(processed.mask.voxels.shape, np.float32)
            prior[18:24, 20:26, 14:20] = 1.0
            volume = processed.volume.like(prior)
            return Localization((), CoarsePrior(volume), RefinedPrior(volume, volume, 0.8), 20)

        return locate


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> Stages:
    from vb_desktop.pipeline.mri_processor import mri_processor
    from vb_desktop.pipeline.tumor_localizer import tumor_localizer

    stages = Stages()
    monkeypatch.setattr(mri_processor, "MRIProcessor", stages.processor)
    monkeypatch.setattr(tumor_localizer, "TumorLocalizer", stages.localizer)
    prepare._localizer.cache_clear()
    yield stages
    prepare._localizer.cache_clear()


@pytest.fixture
def cohort(tmp_path: Path) -> Cohort:
    for name in ("Glioma/a", "PCNSL/b", "Rare/c"):
        put(tmp_path / f"cohort/{name}/t1ce.nii.gz", name)
    return read_cohort(tmp_path / "cohort", input_space="mni")


def test_what_a_network_sees(stages: Stages, cohort: Cohort, tmp_path: Path) -> None:
    first = prepare_cohort(cohort, Config(), GRID, tmp_path / "work")[0]
    inside = first.brain > 0
    assert first.image.shape == first.coarse.shape == GRID.shape
    assert (first.image.dtype, first.brain.dtype, first.refined.dtype) == (np.float16, np.uint8, np.float16)
    assert first.image[inside].min() == 0 and first.image[inside].max() == 1
    assert not first.image[~inside].any() and not first.refined[~inside].any()
    assert first.found and 0.4 < first.refined.max() <= 1
    # The scale to [0, 1] is linear, so the z-score after it is that of the scan as it is applied to.
    from vb_desktop.pipeline.scan_import.open_scan import open_scan

    voxels = open_scan(cohort.cases[0].scan).volume
    whole = voxels.like(standardise(voxels.voxels, voxels.voxels > 0))
    assert np.abs(standardise(first.image.astype(float), inside) - standardise(GRID.sample(whole), inside)).max() < 0.02


def test_nothing_is_done_twice(stages: Stages, cohort: Cohort, tmp_path: Path) -> None:
    work = tmp_path / "work"
    first = prepare_cohort(cohort, Config(), GRID, work)
    assert stages.processed == ["mni"] * 3  # each case's own input space, not that of the settings
    again = prepare_cohort(cohort, Config(), GRID, work)
    coarser = InputGrid(shape=(10, 10, 9), spacing_mm=16.0, origin_mm=(-72, -80, -64))
    other = prepare_cohort(cohort, Config(), coarser, work)  # from what was kept on the template's grid
    assert len(stages.processed) == 3
    assert np.array_equal(first[0].image, again[0].image) and other[0].image.shape == coarser.shape
    next((work / "grids").glob("*.npz")).write_bytes(b"cut short")
    prepare_cohort(cohort, Config(), GRID, work)
    assert len(stages.processed) == 3
    put(cohort.cases[1].scan, "another scan")
    prepare_cohort(cohort, Config(), GRID, work)
    assert len(stages.processed) == 4
    prepare_cohort(cohort, Config.load(None, {"coarse.sigma_mm": 3.0}), GRID, work)
    assert len(stages.processed) == 7


def test_a_failure_is_told_and_the_others_are_done(stages: Stages, cohort: Cohort, tmp_path: Path) -> None:
    stages.fails = True
    said: list[str] = []
    done = prepare_cohort(cohort, Config(), GRID, tmp_path / "work", say=said.append)
    assert [case.case.label for case in done] == ["glioma", "other"]
    assert len(said) == 1 and "could not be prepared" in said[0]
    with (tmp_path / "work/prepared.csv").open() as table:
        assert [row["state"] for row in csv.DictReader(table)] == ["prepared", "failed", "prepared"]


def test_a_case_without_a_tumour_stays_with_an_empty_prior(stages: Stages, cohort: Cohort, tmp_path: Path) -> None:
    stages.finds = False
    done = prepare_cohort(cohort, Config(), GRID, tmp_path / "work")
    assert len(done) == 3
    assert not any(case.found or case.coarse.any() or case.refined.any() for case in done)
