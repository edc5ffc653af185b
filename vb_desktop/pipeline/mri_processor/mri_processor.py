"""The first module of the paper: BET, N4, SyN (Eq. 1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import numpy as np

from vb_desktop.pipeline.case import ProcessedScan, Scan, Transforms, Volume
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import ProcessingFailed
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.mri_processor.grids import resample
from vb_desktop.pipeline.mri_processor.input_space import is_stripped, mask_of_stripped
from vb_desktop.pipeline.mri_processor.intensity import tame, z_score
from vb_desktop.pipeline.mri_processor.overlap import dice, mutual_information
from vb_desktop.pipeline.mri_processor.registration import Registration
from vb_desktop.pipeline.mri_processor.skull_stripping import SkullStripper, one_piece
from vb_desktop.pipeline.mri_processor.template import template, template_mask
from vb_desktop.pipeline.mri_processor.way_back import to_template
from vb_desktop.pipeline.plugins import create
from vb_desktop.pipeline.progress import OnProgress, Progress, Stage, ignore

LEAST_OVERLAP = 0.7
LEAST_INFORMATION = 0.03


class MRIProcessor:
    """Standardise a scan: X_proc = SyN(N4(BET(X_raw))), Eq. 1, then z-score inside the brain.

    Args:
        config: all settings; `input.space` says what was already done to the scan.
        skull_stripper: another one than `skull_stripping.method` names.
        registration: another one than `registration.method` names.
    """

    def __init__(
        self,
        config: Config,
        *,
        skull_stripper: SkullStripper | None = None,
        registration: Registration | None = None,
    ) -> None:
        self.config = config
        self._skull_stripper = skull_stripper
        self._registration = registration

    def __call__(
        self,
        scan: Scan,
        work: Path,
        on_progress: OnProgress = ignore,
        *,
        native_mask: Volume | None = None,
        lesion: Volume | None = None,
    ) -> ProcessedScan:
        """Process one scan.

        Args:
            scan: native space.
            work: the transform files go to `work/transforms`.
            on_progress: hears what is being done.
            native_mask: the brain, where it is known already (second pass); it is not extracted then.
            lesion: native mask that the registration leaves out of account.

        Raises:
            ProcessingFailed: a step gave nothing that can be trusted.
        """
        if not np.isfinite(scan.volume.voxels).all():
            raise ProcessingFailed("mri_processor.not_finite")
        if self.config.input.space == "mni":
            return self._from_mni(scan.volume, work, on_progress)
        seconds: dict[str, float] = {}
        native = scan.volume

        remarks: tuple[Message, ...] = ()
        made_with: dict[str, str] = {}
        if native_mask is None:
            with _timed(seconds, "skull_stripping"):
                strip = self._stripper(on_progress)
                native_mask = strip(native, on_progress)
            remarks, made_with = getattr(strip, "remarks", ()), getattr(strip, "made_with", {})

        with _timed(seconds, "bias_field"):
            on_progress(Progress(Stage.PROCESS, None, "Correcting the bias field (N4)"))
            from vb_desktop.pipeline.mri_processor.bias_field import correct

            brain = native.like(tame(native.voxels, native_mask.voxels))
            brain = correct(brain, native_mask, self.config.bias_field)

        with _timed(seconds, "registration"):
            on_progress(Progress(Stage.PROCESS, None, "Aligning to the template (SyN)"))
            register = self._registration or create(
                "registrations", self.config.registration.method, config=self.config.registration
            )
            known = {} if lesion is None else {"lesion": lesion}
            transforms = register(brain, native_mask, template(), template_mask(), work / "transforms", **known)

        with _timed(seconds, "resampling"):
            on_progress(Progress(Stage.PROCESS, None, "Resampling to the template"))
            mask = _binary(to_template(transforms, native_mask, template()))
            overlap = dice(mask, template_mask())
            if overlap < LEAST_OVERLAP:
                raise ProcessingFailed("mri_processor.overlap", dice=f"{overlap:.2f}")
            volume = z_score(to_template(transforms, brain, template()), mask)
        return ProcessedScan(
            volume, mask, native_mask, native, transforms, seconds, remarks=tuple(remarks), made_with=dict(made_with)
        )

    def _stripper(self, on_progress: OnProgress) -> SkullStripper:
        if self.config.input.space == "skull-stripped":
            return lambda volume, on_progress=ignore: mask_of_stripped(volume)
        on_progress(Progress(Stage.PROCESS, None, "Extracting the brain"))
        if self._skull_stripper is not None:
            return self._skull_stripper
        made: SkullStripper = create(
            "skull_strippers", self.config.skull_stripping.method, config=self.config.skull_stripping
        )
        return made

    def _from_mni(self, native: Volume, work: Path, on_progress: OnProgress) -> ProcessedScan:
        """A scan that already lies in the template's space: only the grid changes."""
        seconds: dict[str, float] = {}
        with _timed(seconds, "resampling"):
            on_progress(Progress(Stage.PROCESS, None, "Resampling to the template"))
            grid = template()
            stripped = is_stripped(native)
            if stripped:
                native_mask = mask_of_stripped(native)
            else:
                on_native = resample(template_mask(), native.affine, native.voxels.shape)
                native_mask = native.like((on_native.voxels > 0.5).astype(np.uint8))
            mask = _binary(resample(native_mask, grid.affine, grid.voxels.shape))
            overlap = dice(mask, template_mask())
            if overlap < LEAST_OVERLAP:
                raise ProcessingFailed("mri_processor.not_mni", dice=f"{overlap:.2f}")
            brain = native.like(tame(native.voxels, native_mask.voxels))
            volume = z_score(resample(brain, grid.affine, grid.voxels.shape), mask)
            inside = mask.voxels > 0
            likeness = mutual_information(volume.voxels[inside], grid.voxels[inside])
            if likeness < LEAST_INFORMATION:
                raise ProcessingFailed("mri_processor.not_mni_like", information=f"{likeness:.2f}")
        return ProcessedScan(volume, mask, native_mask, native, Transforms(work / "transforms"), seconds)


def _binary(soft: Volume) -> Volume:
    return soft.like(one_piece(soft.voxels > 0.5).astype(np.uint8))


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    start = perf_counter()
    yield
    seconds[name] = perf_counter() - start
