"""The second pass: a lesion is left out of account by the registration, and everything else is as in the first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from known_brain import GRIDS, Patient

from vb_desktop.pipeline.case import Array, ProcessedScan, RefinedPrior, Scan, Transforms, Volume
from vb_desktop.pipeline.config import Config, RegistrationConfig
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.mri_processor.lesion import second_pass
from vb_desktop.pipeline.mri_processor.mri_processor import MRIProcessor
from vb_desktop.pipeline.mri_processor.registration import SyN
from vb_desktop.pipeline.mri_processor.template import template, template_mask
from vb_desktop.pipeline.progress import OnProgress, ignore

CENTRE = np.array([-32.0, -12.0, 22.0])


@pytest.fixture(scope="module")
def scan(patient: Patient) -> Volume:
    """The patient's brain with a very bright ball of 25 mm in its left half."""
    brain = patient.scan(GRIDS["straight"](patient))
    return brain.like(np.where(ball(brain, patient) > 0, 400.0, brain.voxels).astype(np.float32))


def ball(grid: Volume, patient: Patient) -> Array:
    index = np.stack(np.meshgrid(*(np.arange(n) for n in grid.voxels.shape), indexing="ij"), -1).reshape(-1, 3)
    far = np.linalg.norm(grid.to_mm(index) - patient.place(CENTRE), axis=1).reshape(grid.voxels.shape)
    inside: Array = (far < 25.0).astype(np.uint8)
    return inside


def prior_at(place: Array, radius_mm: float) -> RefinedPrior:
    index = np.stack(np.meshgrid(*(np.arange(n) for n in template().voxels.shape), indexing="ij"), -1)
    far = np.linalg.norm(index - template().to_index(place[None])[0], axis=-1)
    volume = template().like((far < radius_mm).astype(np.float32))
    return RefinedPrior(volume, volume, 0.5)


def test_nothing_in_the_lesion_counts(scan: Volume, patient: Patient, tmp_path: Path) -> None:
    """Whatever the lesion looks like, the alignment is the same once it is left out; with it, it is not."""
    mask = scan.like((scan.voxels > 0).astype(np.uint8))
    lesion = scan.like(ball(scan, patient))
    dark = scan.like(np.where(lesion.voxels > 0, 40.0, scan.voxels).astype(np.float32))
    syn = SyN(RegistrationConfig(kind="affine", spacing_mm=4.0))

    def affine_of(brain: Volume, name: str, left_out: Volume | None) -> bytes:
        syn(brain, mask, template(), template_mask(), tmp_path / name, left_out)
        return (tmp_path / name / "affine.mat").read_bytes()

    assert affine_of(scan, "a", lesion) == affine_of(dark, "b", lesion)
    assert affine_of(scan, "c", None) != affine_of(dark, "d", None)


def test_the_second_pass_keeps_the_brain_mask_and_hands_the_lesion_to_the_registration(
    scan: Volume, patient: Patient, quick: Config, tmp_path: Path
) -> None:
    calls: list[Volume | None] = []
    stripped: list[Volume] = []

    class Stripper:
        def __init__(self) -> None:
            self.remarks = (Message("mri_processor.device_out_of_memory", {"device": "cuda"}),)
            self.made_with = {"device": "cpu"}

        def __call__(self, volume: Volume, on_progress: OnProgress = ignore) -> Volume:
            stripped.append(volume)
            return volume.like((volume.voxels > 0).astype(np.uint8))

    class Watched(SyN):
        def __call__(
            self,
            brain: Volume,
            mask: Volume,
            template: Volume,
            template_mask: Volume,
            folder: Path,
            lesion: Volume | None = None,
        ) -> Transforms:
            calls.append(lesion)
            return super().__call__(brain, mask, template, template_mask, folder, lesion)

    config = quick.changed(input__space="native")
    processor = MRIProcessor(config, skull_stripper=Stripper(), registration=Watched(quick.registration))
    whole = Scan(volume=scan)
    first = processor(whole, tmp_path)
    assert first.remarks and first.made_with == {"device": "cpu"}
    again = second_pass(processor, whole, first, prior_at(CENTRE, 20.0), tmp_path)
    assert len(stripped) == 1 and calls[0] is None and calls[1] is not None
    inside = ball(scan, patient) > 0
    assert 0.3 * inside.sum() < calls[1].voxels.sum() < inside.sum()
    assert calls[1].voxels[inside].sum() > 0.95 * calls[1].voxels.sum()
    assert again.native_mask is first.native_mask and again.remarks == first.remarks
    assert again.seconds["registration"] > first.seconds["registration"]


@pytest.mark.parametrize("prior", [None, prior_at(np.array([0.0, 0.0, 400.0]), 10.0)], ids=["none", "empty"])
def test_without_a_lesion_there_is_no_second_pass(quick: Config, tmp_path: Path, prior: RefinedPrior | None) -> None:
    first = ProcessedScan(
        template(), template_mask(), template_mask(), template(), Transforms(tmp_path, ("affine.mat",)) if prior is None
        else Transforms(tmp_path),
    )  # fmt: skip

    def never(*_: object, **__: object) -> ProcessedScan:
        raise AssertionError("processed again")

    assert second_pass(never, Scan(volume=template()), first, prior, tmp_path) is first  # type: ignore[arg-type]
