"""A folder of cases that were processed before: nothing is registered, minutes become seconds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from vb_desktop.pipeline.atomic import write_text
from vb_desktop.pipeline.case import ProcessedScan, Transforms, Volume
from vb_desktop.pipeline.case_folder import write_volume
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.evaluation.expert_cases import ExpertCase, find_cases
from vb_desktop.pipeline.fingerprints import digest
from vb_desktop.pipeline.stage_files import write_processed

AFFINE = np.array([[4.0, 0, 0, -78], [0, 4, 0, -110], [0, 0, 4, -70], [0, 0, 0, 1]])
SHAPE = (40, 48, 40)


def brain(core: tuple[slice, slice, slice] | None, seed: int) -> tuple[Volume, Volume, Volume]:
    """Image, mask and labels of a ball of brain on a 4 mm grid, with a bright block as core."""
    rng = np.random.default_rng(seed)
    grid = np.indices(SHAPE)
    mask = (((grid - np.array([19.5, 23.5, 19.5]).reshape(3, 1, 1, 1)) / 17) ** 2).sum(axis=0) < 1
    image = (rng.normal(0, 0.3, SHAPE) * mask).astype(np.float32)
    labels = np.zeros(SHAPE, np.uint8)
    if core is not None:
        image[core] += 5
        labels[core] = 4
    return Volume(image, AFFINE), Volume(mask.astype(np.uint8), AFFINE), Volume(labels, AFFINE)


@pytest.fixture
def make_cases(tmp_path: Path) -> Callable[..., tuple[list[ExpertCase], Path, Path]]:
    """Builds cases with these cores (None: a control) and their cache of processed scans."""

    def build(*cores: tuple[slice, slice, slice] | None) -> tuple[list[ExpertCase], Path, Path]:
        folder, cache = tmp_path / "cases", tmp_path / "cache"
        config = Config()
        for number, core in enumerate(cores):
            place = folder / f"case{number}"
            place.mkdir(parents=True)
            image, mask, labels = brain(core, number)
            write_volume(place / "t1ce.nii.gz", image)
            if core is not None:
                write_volume(place / "seg.nii.gz", labels)
            kept = cache / f"case{number}"
            kept.mkdir(parents=True)
            write_volume(kept / "scan.nii.gz", image)
            write_processed(kept, ProcessedScan(image, mask, mask, image, Transforms(kept / "transforms")))
        found = find_cases(folder)
        for case in found:
            inputs = digest(case.sha256, config.input, config.skull_stripping, config.bias_field, config.registration)
            write_text(cache / case.name / "inputs.json", inputs)
        return found, cache, folder

    return build
