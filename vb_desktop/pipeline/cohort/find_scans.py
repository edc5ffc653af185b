"""Scans in a folder: which files are T1-CE images, and whose."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from vb_desktop.pipeline.errors import CohortError

IMAGE_ENDINGS = (".nii.gz", ".nii", ".nrrd", ".nhdr", ".mha", ".mhd")
MAX_FILES = 200_000
_CONTRAST = {
    "t1ce", "t1c", "t1gd", "t1post", "t1contrast", "t1wce", "cet1", "gd", "gad", "gadolinium", "ce", "postcontrast",
    "contrast", "t1km", "km",
}  # fmt: skip
_OTHERS = {"t2", "t2w", "flair", "dwi", "adc", "swi", "bold", "pd", "t2star", "perfusion", "asl", "dti", "ct", "pet"}
_MASKS = {"seg", "segmentation", "mask", "label", "labels", "roi", "prior", "lesion", "gt", "truth", "annotation",
          "tumormask", "brainmask"}  # fmt: skip
_STATION = re.compile(r"^(t1ce|t1c|t1gd|t1w?|gd|gad|ce|scan\d*|ses\w*|visit\w*|tp\d+|run\w*|image\d*|mri?)$", re.I)


@dataclass(frozen=True, slots=True)
class FoundScan:
    """A scan and whose it is by its place.

    Attributes:
        path: file, or folder of DICOM files.
        patient: the folder or the file's name that stands for the patient.
    """

    path: Path
    patient: str


def stem_of(path: Path) -> str:
    """The file's name without its ending."""
    name = path.name
    ending = next((end for end in IMAGE_ENDINGS if name.lower().endswith(end)), "")
    return name[: len(name) - len(ending)] if ending else name


def words_of(path: Path) -> set[str]:
    """The words of a file's name, in lower case."""
    return {word for word in re.split(r"[^a-z0-9]+", stem_of(path).lower()) if word}


def is_image(path: Path) -> bool:
    """Whether the ending is that of an image."""
    return path.name.lower().endswith(IMAGE_ENDINGS) and not path.name.startswith(".")


def is_mask(path: Path) -> bool:
    """Whether the name is that of a mask or a prior."""
    return bool(words_of(path) & _MASKS)


def walk(folder: Path) -> list[Path]:
    """All files below a folder, sorted; links to elsewhere are not followed and hidden names are left aside.

    Raises:
        CohortError: there are too many.
    """
    found: list[Path] = []
    for where, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(where) / name for name in names if not name.startswith(".")]
        if len(found) > MAX_FILES:
            raise CohortError("cohort.too_many_files", folder=folder.name, limit=MAX_FILES)
    return sorted(found)


def scans_in(folder: Path, files: list[Path] | None = None) -> tuple[list[FoundScan], int]:
    """T1-CE scans below a folder, by patient: FOLDER/PATIENT/.../image, or FOLDER/PATIENT_image.

    Where some images of a patient are named as contrast-enhanced, the others of that patient are left aside.

    Args:
        folder: of a class.
        files: all files below it, where they are known already.

    Returns:
        Scans, and how many images were left aside.
    """
    files = walk(folder) if files is None else files
    images = [path for path in files if is_image(path)]
    by_patient: dict[str, list[Path]] = {}
    for path in images:
        by_patient.setdefault(_patient_of(path, folder), []).append(path)
    found, aside = [], 0
    for patient, paths in by_patient.items():
        kept = chosen(paths)
        aside += len(paths) - len(kept)
        found += [FoundScan(path, patient) for path in kept]
    with_images = {path.parent for path in images}
    for place in sorted({path.parent for path in files if _dicom_like(path)} - with_images):
        if place != folder:
            found.append(FoundScan(place, place.relative_to(folder).parts[0]))
    return found, aside


def chosen(paths: list[Path]) -> list[Path]:
    """The images of one patient that are T1-CE by their names; all that may be where no name says it."""
    images = [path for path in paths if not is_mask(path)]
    contrast = [path for path in images if words_of(path) & _CONTRAST]
    return contrast or [path for path in images if not words_of(path) & _OTHERS]


def _patient_of(path: Path, folder: Path) -> str:
    parts = path.relative_to(folder).parts
    if len(parts) > 1:
        return parts[0]
    words = re.split(r"([_\s])", stem_of(path))  # PATIENT_t1ce, PATIENT_ses-1: what tells scans apart is no patient
    while len(words) > 2 and _STATION.match(words[-1].replace("-", "")):
        words = words[:-2]
    return "".join(words)


def _dicom_like(path: Path) -> bool:
    if path.suffix.lower() in {".dcm", ".ima"}:
        return True
    return not path.suffix and path.name not in {"README", "LICENSE", "CHANGES", "DICOMDIR"}
