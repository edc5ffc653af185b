"""What an archive can do, whichever way it is spoken to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from pydicom.dataset import Dataset

from vb_desktop.pipeline.errors import PacsFailed
from vb_desktop.pipeline.pacs.settings import PacsSettings

OnObject = Callable[[int], None]
"""Told how many objects have come or gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is asked for; an empty text asks for anything. `*` and `?` stand for other characters in a name.

    Attributes:
        patient_id: whole.
        patient_name: as DICOM writes it.
        study_date: YYYYMMDD, or a range YYYYMMDD-YYYYMMDD.
        accession_number: whole.
        modality: such as MR.
        study_uid: one study; with it the answers are its series.
    """

    patient_id: str = ""
    patient_name: str = ""
    study_date: str = ""
    accession_number: str = ""
    modality: str = ""
    study_uid: str = ""

    @property
    def level(self) -> Literal["STUDY", "SERIES"]:
        """What the answers are."""
        return "SERIES" if self.study_uid else "STUDY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A study or a series that the archive has. Texts as it gives them; they hold the patient's identity."""

    study_uid: str
    series_uid: str = ""
    patient_id: str = ""
    patient_name: str = ""
    study_date: str = ""
    accession_number: str = ""
    description: str = ""
    modality: str = ""
    objects: int = 0


class Pacs(Protocol):
    """An archive. Every call raises PacsFailed where it does not answer, or refuses."""

    def echo(self) -> None:
        """See whether it answers."""

    def find(self, query: Query) -> list[Answer]:
        """Studies, or the series of one study."""

    def get(self, study_uid: str, series_uid: str, folder: Path, on_object: OnObject = ...) -> list[Path]:
        """Fetch a series, or with an empty `series_uid` a whole study, into a folder that is made; a file each."""

    def send(self, files: Iterable[Path], on_object: OnObject = ...) -> int:
        """Store DICOM files.

        Returns:
            How many were stored.
        """


def open_pacs(settings: PacsSettings, way: Literal["dimse", "web"] | None = None) -> Pacs:
    """The archive of the settings. Nothing is contacted yet.

    Args:
        settings: of the user.
        way: DICOM's network services or DICOMweb; the first that is set up by default.

    Raises:
        PacsFailed: that way is not set up.
    """
    if settings.dimse is not None and way in (None, "dimse"):
        from vb_desktop.pipeline.pacs.dimse import Dimse

        return Dimse(settings.dimse, settings.timeout_s, settings.most_objects)
    if settings.web is not None and way in (None, "web"):
        from vb_desktop.pipeline.pacs.dicomweb import DicomWeb

        return DicomWeb(settings.web, settings.timeout_s, settings.most_objects)
    raise PacsFailed("pacs.no_way", way=way)


def query_dataset(query: Query) -> Dataset:
    """The query as DICOM asks it, with what is to be returned."""
    asked = Dataset()
    asked.SpecificCharacterSet = "ISO_IR 192"  # of the answers too, where the archive heeds it
    asked.QueryRetrieveLevel = query.level
    asked.PatientID, asked.PatientName = query.patient_id, query.patient_name
    asked.StudyDate, asked.AccessionNumber = query.study_date, query.accession_number
    asked.StudyInstanceUID = query.study_uid
    if query.level == "STUDY":
        asked.ModalitiesInStudy, asked.StudyDescription = query.modality, ""
        asked.NumberOfStudyRelatedInstances = ""
    else:
        asked.Modality, asked.SeriesInstanceUID, asked.SeriesDescription = query.modality, "", ""
        asked.NumberOfSeriesRelatedInstances = ""
    return asked


def answer_of(found: Dataset, query: Query) -> Answer:
    """An answer of the archive."""
    series = query.level == "SERIES"

    def text(keyword: str) -> str:
        value = found.get(keyword, "")
        many = isinstance(value, list | tuple) or type(value).__name__ == "MultiValue"
        return " ".join(map(str, value)) if many else str(value or "")

    count = text("NumberOfSeriesRelatedInstances" if series else "NumberOfStudyRelatedInstances")
    return Answer(
        study_uid=text("StudyInstanceUID") or query.study_uid,
        series_uid=text("SeriesInstanceUID") if series else "",
        patient_id=text("PatientID"),
        patient_name=text("PatientName"),
        study_date=text("StudyDate"),
        accession_number=text("AccessionNumber"),
        description=text("SeriesDescription" if series else "StudyDescription"),
        modality=text("Modality" if series else "ModalitiesInStudy"),
        objects=int(count) if count.isdigit() else 0,
    )
