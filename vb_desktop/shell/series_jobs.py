"""Jobs of the worker on the series of an examination."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vb_desktop.pipeline.case import Scan
from vb_desktop.pipeline.progress import OnProgress, Progress, Stage

if TYPE_CHECKING:
    from vb_desktop.pipeline.scan_import.series_list import SeriesList
    from vb_desktop.pipeline.scan_import.thumbnails import Thumbnail


@dataclass(frozen=True, slots=True)
class ChosenSeries:
    """One series of what lies at a path.

    Attributes:
        source: folder, zip or DICOMDIR.
        uid: id of the volume in the list.
    """

    source: Path
    uid: str


@dataclass(frozen=True, slots=True, eq=False)
class ListedSeries:
    """What lies at a path, with pictures.

    Attributes:
        source: folder, zip or DICOMDIR.
        series: all volumes with their likelihoods.
        pictures: one of each volume.
    """

    source: Path
    series: SeriesList
    pictures: tuple[Thumbnail, ...]


def list_series(source: Path, on_progress: OnProgress) -> ListedSeries:
    """List the series by their headers, and make a small picture of each."""
    from vb_desktop.pipeline.scan_import.series_list import list_series
    from vb_desktop.pipeline.scan_import.thumbnails import thumbnails

    found = list_series(source, on_progress)
    pictures = []
    for n, picture in enumerate(thumbnails(found), start=1):
        on_progress(Progress(Stage.OPEN, n / len(found.volumes), "Making small pictures of the series"))
        pictures.append(picture)
    return ListedSeries(source, found, tuple(pictures))


def read_series(chosen: ChosenSeries, on_progress: OnProgress) -> Scan:
    """Read a series without analysing it."""
    from vb_desktop.pipeline.scan_import.open_scan import open_scan

    return open_scan(chosen.source, chosen.uid, on_progress)
