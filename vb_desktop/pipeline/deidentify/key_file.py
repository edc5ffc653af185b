"""The file that leads from a pseudonym back to the patient; it stays with whoever made the export."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

from vb_desktop.pipeline.atomic import atomic_path
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.deidentify.confidentiality_profile import ConfidentialityProfile
from vb_desktop.pipeline.errors import ExportFailed


def check_key_path(path: Path, folder: Path) -> None:
    """Refuse a key that would lie in the export, or replace another.

    Raises:
        ExportFailed: it would.
    """
    path, folder = path.expanduser().resolve(), folder.expanduser().resolve()
    if path.is_relative_to(folder):
        raise ExportFailed("export.key_inside")
    if path.exists():
        raise ExportFailed("export.exists", name=path.name, folder=path.parent)


def write_key(path: Path, case: Case, profile: ConfidentialityProfile) -> Path:
    """Write pseudonym, identity and UIDs, readable by its owner alone."""
    path = path.expanduser().absolute()
    told = {
        "pseudonym": profile.pseudonym,
        "case_id": case.record.case_id,
        "patient": asdict(case.identity),
        "uids": dict(sorted(profile.uids.items())),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as temporary:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(told, file, indent=2, ensure_ascii=False)
    return path
