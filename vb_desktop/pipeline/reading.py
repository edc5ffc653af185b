"""`reading.json`: what the reader measured, thought and rated. The reader's own, beside the results in `case.json`.

It is written at each stroke of the reader, whatever runs at the time; no result is computed from it.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, ValidationError

from vb_desktop.pipeline.atomic import write_text
from vb_desktop.pipeline.case import Volume
from vb_desktop.pipeline.case_folder import append_log, read_record, read_volume, write_volume
from vb_desktop.pipeline.case_record import Point, Record
from vb_desktop.pipeline.errors import CaseFolderError

READING = "reading.json"
REGION = "reader_region.nii.gz"
"""uint8 on the grid of `scan.nii.gz`, 1 inside: the reader's region, painted by hand."""
Rated = Literal["boxes", "prior", "heatmap"]
Plane = Literal["axial", "coronal", "sagittal"]


class Line(Record):
    """A line of a measurement, in mm of the space that it was drawn in (RAS+)."""

    begin_mm: Point
    end_mm: Point

    @property
    def length_mm(self) -> float:
        """How long it is."""
        return float(np.linalg.norm(np.subtract(self.end_mm, self.begin_mm)))


class ReaderMeasurement(Record):
    """One line, or two on one slice as for RANO."""

    lines: list[Line] = Field(min_length=1, max_length=2)
    plane: Plane
    space: Literal["native", "mni"] = "native"
    author: str = ""
    time: str = ""

    @property
    def product_mm2(self) -> float | None:
        """Of two diameters."""
        return self.lines[0].length_mm * self.lines[1].length_mm if len(self.lines) == 2 else None


class Impression(Record):
    """What the reader thought of the case."""

    class_: str = Field(alias="class", description="as a class of the diagnosis, or `undecided`")
    confidence: Literal["low", "moderate", "high"]
    note: str = ""
    author: str
    time: str
    before_result: bool = Field(description="recorded while the model's answer was hidden")

    model_config = Record.model_config | {"populate_by_name": True}


class Rating(Record):
    """How plausible the reader found a piece of the evidence: 1 not at all, 5 entirely."""

    of: Rated
    score: int = Field(ge=1, le=5)
    author: str
    time: str


class RegionRecord(Record):
    """The reader's region; its voxels are in `reader_region.nii.gz`."""

    volume_ml: float
    author: str
    time: str


class Reading(Record):
    """The whole of `reading.json`."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    measurements: list[ReaderMeasurement] = Field(default=[])
    impression: Impression | None = None
    ratings: list[Rating] = Field(default=[])
    region: RegionRecord | None = None

    def rating(self, of: Rated) -> int | None:
        """The last score of a piece of evidence."""
        return next((rating.score for rating in reversed(self.ratings) if rating.of == of), None)


def read_reading(folder: Path) -> Reading:
    """The reading of a case; empty where there is none.

    Raises:
        CaseFolderError: the file is damaged: what a reader wrote is not silently dropped.
    """
    try:
        return Reading.model_validate_json((folder / READING).read_bytes())
    except FileNotFoundError:
        return Reading()
    except (OSError, ValidationError) as error:
        raise CaseFolderError("case.not_a_case", folder=folder, cause=f"its {READING} can't be read") from error


def write_reading(folder: Path, reading: Reading) -> None:
    """Write `reading.json` under a temporary name and rename it; an impression is logged when it is first recorded."""
    before = read_reading(folder)
    write_text(folder / READING, reading.model_dump_json(by_alias=True, indent=2))
    if reading.impression is not None and reading.impression != before.impression:
        said = reading.impression
        append_log(folder, "impression recorded", by=said.author, before_result=said.before_result)


def read_region(folder: Path) -> Volume | None:
    """The reader's region, uint8 on the grid of the scan; None where none was painted."""
    path = folder / REGION
    return read_volume(path) if path.is_file() else None


def write_region(folder: Path, region: Volume) -> None:
    """Write the reader's region atomically; an empty one is removed."""
    if region.voxels.any():
        write_volume(folder / REGION, region.like((region.voxels > 0).astype(np.uint8)))
    else:
        (folder / REGION).unlink(missing_ok=True)


def forget_reading(folder: Path) -> None:
    """Another scan has come: nothing of the reading of one is carried over to another."""
    for name in (READING, REGION):
        (folder / name).unlink(missing_ok=True)


def carry_reading(case: Path, draft: Path) -> None:
    """What the reader wrote into the case while a run worked on its draft goes into the draft, before it is published.

    Args:
        case: the case folder; nothing happens unless it is the same case as the draft's.
        draft: what will take its place.
    """
    try:
        if read_record(case).case_id != read_record(draft).case_id:
            return
    except CaseFolderError:
        return
    for name in (READING, REGION):
        if (case / name).is_file():
            shutil.copy2(case / name, draft / name)
        else:
            (draft / name).unlink(missing_ok=True)


def now() -> str:
    """ISO time of an entry."""
    return datetime.now(UTC).isoformat(timespec="seconds")
