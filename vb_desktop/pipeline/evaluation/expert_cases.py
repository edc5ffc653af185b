"""Cases with an expert's segmentation, and controls without one: found in a folder, processed once, kept in a cache."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vb_desktop.pipeline.atomic import write_text
from vb_desktop.pipeline.case import Array, ProcessedScan, Volume
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.fingerprints import digest
from vb_desktop.pipeline.progress import OnProgress, ignore

CORE = (1, 4)
"""Labels of the tumour core in BraTS: necrosis or core without enhancement, and enhancing tumour."""
ENHANCING = 4
OEDEMA = 2
_IMAGES = ("t1ce", "t1_wholehead", "t1")
_INPUTS = "inputs.json"


@dataclass(frozen=True, slots=True)
class ExpertCase:
    """One case of a folder.

    Attributes:
        name: of its folder.
        image: the T1-CE (a control may have a T1 without contrast), a NIfTI file or a folder with DICOM.
        segmentation: expert's labels (1 necrosis, 2 oedema, 4 enhancing) on the same grid; None for a control.
    """

    name: str
    image: Path
    segmentation: Path | None

    @property
    def sha256(self) -> str:
        """Of the image file: the content hash by which a model's card knows its training cases."""
        return _sha256(self.image)


def find_cases(folder: Path) -> list[ExpertCase]:
    """The cases below a folder: each a subfolder with `t1ce.nii.gz` and, unless it is a control, `seg.nii.gz`.

    Raises:
        UnreadableScan: there is none.
    """
    found = []
    for place in sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []:
        images = [place / f"{name}{end}" for name in _IMAGES for end in (".nii.gz", ".nii")]
        image = next((path for path in images if path.is_file()), None)
        if image is None:
            continue
        segmentation = next(
            (place / f"seg{end}" for end in (".nii.gz", ".nii") if (place / f"seg{end}").is_file()), None
        )
        found.append(ExpertCase(place.name, image, segmentation))
    if not found:
        raise UnreadableScan("evaluation.no_cases", folder=folder.name)
    return found


def process(case: ExpertCase, config: Config, cache: Path, on_progress: OnProgress = ignore) -> ProcessedScan:
    """The case as the MRI-Processor leaves it, from the cache where content and settings are the same.

    A scan that is skull stripped already is taken as that, unless `input.space` says something else than "native".

    Args:
        case: from `find_cases`.
        config: the settings of the processing count.
        cache: folder for processed cases, one subfolder each.
        on_progress: told what is being done.
    """
    from vb_desktop.pipeline import stage_files
    from vb_desktop.pipeline.mri_processor.input_space import is_stripped
    from vb_desktop.pipeline.mri_processor.mri_processor import MRIProcessor
    from vb_desktop.pipeline.scan_import.open_scan import open_scan

    folder = cache / case.name
    inputs = digest(case.sha256, config.input, config.skull_stripping, config.bias_field, config.registration)
    if (folder / _INPUTS).is_file() and (folder / _INPUTS).read_text(encoding="utf-8").strip() == inputs:
        return stage_files.read_processed(folder)
    scan = open_scan(case.image)
    if config.input.space == "native" and is_stripped(scan.volume):
        config = config.changed(input__space="skull-stripped")
    folder.mkdir(parents=True, exist_ok=True)
    processed = MRIProcessor(config)(scan, folder, on_progress)
    stage_files.write_scan(folder, scan)
    stage_files.write_processed(folder, processed)
    write_text(folder / _INPUTS, inputs + "\n")  # last: only a complete folder is taken again
    return processed


def expert_labels(case: ExpertCase) -> Volume:
    """The expert's labels as they are, closest canonical orientation, uint8."""
    from vb_desktop.pipeline.scan_import.canonical import closest_canonical
    from vb_desktop.pipeline.scan_import.nifti import read_nifti

    if case.segmentation is None:
        raise ValueError("a control has no segmentation")
    volume, _ = closest_canonical(read_nifti(case.segmentation).volume)
    return Volume(np.round(volume.voxels).astype(np.uint8), volume.affine)


def labels_in_template(case: ExpertCase, processed: ProcessedScan) -> Array:
    """The expert's labels carried to the template's grid (nearest): uint8, shape of `processed.volume`."""
    from vb_desktop.pipeline.mri_processor.way_back import to_template

    labels = expert_labels(case)
    floats = Volume(labels.voxels.astype(np.float32), labels.affine)
    carried = to_template(processed.transforms, floats, processed.volume, "nearest")
    return np.round(carried.voxels).astype(np.uint8)


def core_of(labels: Array) -> Array:
    """Where the tumour core is, bool."""
    return np.isin(labels, CORE)


def is_enhancing(labels: Array, voxel_ml: float) -> bool:
    """Whether the tumour counts as enhancing: see `docs/experiments/localizer-detector.md`."""
    core = int(np.count_nonzero(core_of(labels)))
    enhancing = int(np.count_nonzero(labels == ENHANCING))
    return core > 0 and enhancing / core >= LEAST_ENHANCING_SHARE and enhancing * voxel_ml >= LEAST_ENHANCING_ML


LEAST_ENHANCING_SHARE = 0.1
LEAST_ENHANCING_ML = 2.0


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
