"""Corrections that were not computed with yet, kept so that closing the window loses nothing."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import platformdirs

from vb_desktop.pipeline.atomic import write_text
from vb_desktop.pipeline.case import Box
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.stage_files import read_book
from vb_desktop.pipeline.tumor_localizer.box_book import BoxBook, BoxEdit


def _path(case: Case) -> Path:
    folder = platformdirs.user_data_path("vb-desktop", appauthor=False) / "corrections"
    return folder / f"{case.record.case_id}.json"


def keep(case: Case, book: BoxBook) -> None:
    """Keep corrections beside the user's settings: the case folder changes only when they are computed with."""
    path = _path(case)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(
        path,
        json.dumps(
            {
                "base": [asdict(edit) for edit in read_book(case.record).edits],
                "drawn": {id_: asdict(box) for id_, box in book.drawn.items()},
                "edits": [asdict(edit) for edit in book.edits],
            }
        ),
    )


def kept(case: Case) -> BoxBook | None:
    """The corrections kept for a case; None where there are none, or where the case has changed since."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        raw = json.loads(_path(case).read_text(encoding="utf-8"))
        saved = read_book(case.record)
        if [_edit(edit) for edit in raw["base"]] == list(saved.edits):
            drawn = {str(id_): Box(**box) for id_, box in raw["drawn"].items()}
            return BoxBook(saved.found, drawn, tuple(_edit(edit) for edit in raw["edits"]))
    return None


def forget(case: Case) -> None:
    """They were computed with, or discarded."""
    _path(case).unlink(missing_ok=True)


def _edit(raw: dict[str, Any]) -> BoxEdit:
    return BoxEdit(**{**raw, "replaced": tuple(raw["replaced"]), "made": tuple(raw["made"])})
