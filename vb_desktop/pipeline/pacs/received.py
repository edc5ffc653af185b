"""Objects that an archive sends, written one by one into a folder."""

from __future__ import annotations

import re
from pathlib import Path

from pydicom.dataset import Dataset

from vb_desktop.pipeline.atomic import atomic_path
from vb_desktop.pipeline.errors import PacsFailed
from vb_desktop.pipeline.pacs.pacs import OnObject

_UID = re.compile(r"[0-9.]{1,64}")


class Received:
    """A folder that fills.

    Attributes:
        paths: what was written.
    """

    def __init__(self, study_uid: str, series_uid: str, folder: Path, most: int, on_object: OnObject) -> None:
        self.paths: list[Path] = []
        self._wanted = (study_uid, series_uid)
        self._folder, self._most, self._on_object = folder.expanduser().absolute(), most, on_object

    def take(self, dataset: Dataset) -> None:
        """Write an object; the name of its file is its UID.

        Raises:
            PacsFailed: it was not asked for, its UID is none, or there are too many.
            OSError: the disk refuses.
        """
        study, series = self._wanted
        uid = str(dataset.get("SOPInstanceUID", ""))
        strange = dataset.get("StudyInstanceUID") != study or (series and dataset.get("SeriesInstanceUID") != series)
        if strange or not _UID.fullmatch(uid):
            raise PacsFailed("pacs.not_asked_for")
        if len(self.paths) >= self._most:
            raise PacsFailed("pacs.too_many", most=self._most)
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{uid}.dcm"
        with atomic_path(path) as temporary:
            dataset.save_as(temporary, enforce_file_format=True)
        self.paths.append(path)
        self._on_object(len(self.paths))
