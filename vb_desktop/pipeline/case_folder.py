"""The case folder: what command line, worker, window and plugin share (layout in docs/case-folder.md)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
from pydantic import ValidationError

from vb_desktop.pipeline.atomic import atomic_path, write_text
from vb_desktop.pipeline.case import Identity, Volume
from vb_desktop.pipeline.case_record import CaseRecord
from vb_desktop.pipeline.errors import CaseFolderError

NATIVE_NAMES = frozenset({"scan", "brain_mask"})
"""Volumes that exist in native space only; every other name is template space, with a twin in `native/`."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A case as it lies on disk. Volumes are read when asked for and kept.

    Attributes:
        folder: the case folder.
        record: `case.json`.
        identity: `patient.json`; empty where there is none.
    """

    folder: Path
    record: CaseRecord
    identity: Identity
    _volumes: dict[str, Volume | None] = field(default_factory=dict, repr=False)

    def path(self, name: str, space: str = "mni") -> Path:
        """Where the volume `name` lies, e.g. `scan`, `processed`, `refined_prior`, `grad_cam_pcnsl`.

        Args:
            name: file name without ending.
            space: "mni" or "native"; without meaning for `scan` and `brain_mask`, which are native.
        """
        folder = self.folder / "native" if space == "native" and name not in NATIVE_NAMES else self.folder
        return folder / f"{name}.nii.gz"

    def volume(self, name: str, space: str = "mni") -> Volume | None:
        """The volume, or None where the case has none of that name."""
        path = self.path(name, space)
        key = str(path)
        if key not in self._volumes:
            self._volumes[key] = read_volume(path) if path.is_file() else None
        return self._volumes[key]

    @property
    def shows_diagnosis(self) -> bool:
        """Whether the diagnosis may be shown and printed: there is one, and it is not withheld."""
        return self.record.diagnosis is not None and self.record.status == "done"


def read_case(folder: Path) -> Case:
    """Read a case folder.

    Raises:
        CaseFolderError: no case.json, or one that is not valid.
    """
    record = read_record(folder)
    try:
        known = {f.name for f in fields(Identity)}
        path = folder / "patient.json"
        raw = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        identity = Identity(**{key: str(value) for key, value in raw.items() if key in known})
    except (OSError, ValueError, AttributeError) as error:
        raise CaseFolderError("case.not_a_case", folder=folder, cause="patient.json can't be read") from error
    return Case(folder, record, identity)


def read_record(folder: Path) -> CaseRecord:
    """Read `case.json` alone.

    Raises:
        CaseFolderError: it is missing or not valid.
    """
    path = folder / "case.json"
    try:
        return CaseRecord.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise CaseFolderError("case.not_a_case", folder=folder, cause="it holds no case.json") from error
    except (OSError, ValidationError) as error:
        raise CaseFolderError("case.not_a_case", folder=folder, cause="its case.json can't be read") from error


def write_record(folder: Path, record: CaseRecord) -> None:
    """Write `case.json` under a temporary name and rename it."""
    write_text(folder / "case.json", record.model_dump_json(by_alias=True, indent=2))


def write_identity(folder: Path, identity: Identity) -> None:
    """Write `patient.json`."""
    write_text(folder / "patient.json", json.dumps(asdict(identity), indent=2, ensure_ascii=False))


def read_volume(path: Path) -> Volume:
    """Read a NIfTI that this program wrote.

    Returns:
        uint8 voxels where the file holds uint8, else float32.

    Raises:
        CaseFolderError: the file is damaged.
    """
    try:
        image = nib.load(path)
        if len(image.shape) != 3 or image.shape[0] * image.shape[1] * image.shape[2] > 1024**3:
            raise ValueError("not a 3D image of a sensible size")
        kind = np.uint8 if image.get_data_dtype() == np.uint8 else np.float32
        return Volume(np.asarray(image.dataobj).astype(kind, copy=False), np.asarray(image.affine, dtype=np.float64))
    except Exception as error:
        cause = f"{path.name} can't be read"
        raise CaseFolderError("case.not_a_case", folder=path.parent, cause=cause) from error


def write_volume(path: Path, volume: Volume) -> None:
    """Write float32 or uint8 voxels as NIfTI, under a temporary name, then rename it."""
    kind = np.uint8 if volume.voxels.dtype == np.uint8 else np.float32
    image = nib.Nifti1Image(volume.voxels.astype(kind, copy=False), volume.affine)
    image.header.set_xyzt_units("mm")
    image.set_sform(volume.affine, code="aligned")
    image.set_qform(volume.affine, code="aligned")
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as temporary:
        nib.save(image, temporary)


def append_log(folder: Path, event: str, **details: Any) -> None:
    """Add a line to `log.jsonl`: what happened and when; never identity. A line that a kill left half is cut off."""
    from datetime import UTC, datetime

    line = json.dumps({"time": datetime.now(UTC).isoformat(timespec="seconds"), "event": event, **details}, default=str)
    path = folder / "log.jsonl"
    before = path.read_bytes() if path.is_file() else b""
    with path.open("ab") as file:
        file.truncate(before.rfind(b"\n") + 1)
        file.write(line.encode() + b"\n")
