"""The series of a folder and the volumes in them, and which may be the one to analyse. Told from headers alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pydicom.dataset import Dataset

from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.scan_import import limits
from vb_desktop.pipeline.scan_import.dicom_frame import Frame
from vb_desktop.pipeline.scan_import.dicom_geometry import count_positions, stack
from vb_desktop.pipeline.scan_import.dicom_values import item, number, text, words
from vb_desktop.pipeline.scan_import.t1ce_likelihood import clear_best, t1ce_likelihoods

NO_UID = "without-uid"
"""Id of a series that has no UID."""

_LISTED = 12
_DESCRIPTION_LENGTH = 40
_OTHER_PARTS = frozenset(
    "ABDOMEN ABDOMENPELVIS ANKLE ARM BLADDER BREAST CALF CHEST COLON ELBOW FOOT FOREARM HAND HEART HIP HUMERUS KIDNEY"
    " KNEE LEG LIVER LSPINE LUNG PANCREAS PELVIS PROSTATE RECTUM SHOULDER THIGH TSPINE UTERUS WRIST".split()
)


@dataclass(frozen=True, slots=True)
class Packed:
    """Files that lie in a zip archive.

    Attributes:
        archive: path of the archive.
        numbers: of the files in the archive; they are called the same outside.
    """

    archive: Path
    numbers: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Series:
    """One DICOM series of a folder, or one of the volumes in it where it holds several.

    Attributes:
        uid: Series Instance UID.
        header: data set of its first file, without pixels.
        frames: every slice; empty where the files are no images.
        paths: number of the file -> its path; empty where the files are packed.
        files: how many files the folder holds in all (for "file 12 of 170").
        copies: files left out because they are copies of others.
        patients: how many different patients its files name.
        volume: which volume of the series this is, from 1.
        volumes: how many volumes the series holds.
        part: what sets the volume apart from the others of the series; empty where it is the only one.
        component: magnitude, phase, real or imaginary.
        mixed: the series holds slices of other directions too, as a localiser does.
        damaged: numbers of the files of the series that can't be read.
        packed: where the files are that lie in a zip archive.
    """

    uid: str
    header: Dataset = field(repr=False)  # it names the patient
    frames: tuple[Frame, ...] = field(repr=False)
    paths: dict[int, Path] = field(repr=False)
    files: int
    copies: int = 0
    patients: int = 1
    volume: int = 1
    volumes: int = 1
    part: str = ""
    component: str = "magnitude"
    mixed: bool = False
    damaged: tuple[int, ...] = ()
    packed: Packed | None = None

    @property
    def id(self) -> str:
        """Names the volume: the series UID, and the number of the volume where there are several."""
        return f"{self.uid or NO_UID}#{self.volume}" if self.volumes > 1 else self.uid or NO_UID

    @property
    def number(self) -> str:
        """Series Number, or a question mark."""
        return text(self.header, "SeriesNumber") or "?"

    @property
    def study(self) -> tuple[str, ...]:
        """What tells patients and studies apart; holds identity."""
        return tuple(text(self.header, keyword) for keyword in ("PatientID", "PatientName", "StudyInstanceUID"))

    @property
    def label(self) -> str:
        """Short enough for a list on the screen; the description is the scanner operator's words."""
        description = text(self.header, "SeriesDescription")[:_DESCRIPTION_LENGTH] or "without description"
        part = f", {self.part}" if self.part else ""
        return f"{self.number} ({description}{part}, {len(self.frames)} images, UID {self.id})"

    @cached_property
    def why_unusable(self) -> Message | None:
        """Why this is plainly no 3D MRI of a head; None where it may be one.

        A series that is only incomplete or irregular may still be the one that was meant, so that is not told here.
        """
        header = self.header
        modality = text(header, "Modality").upper()
        if modality == "CT":
            return Message("scan_import.ct")
        if not self.frames:
            return Message("scan_import.not_images")
        if modality != "MR":
            return Message("scan_import.modality", {"modality": modality[:16] or "(not given)"})
        photometric = text(header, "PhotometricInterpretation").upper()
        if (number(header, "SamplesPerPixel") or 1) != 1 or photometric not in ("", "MONOCHROME1", "MONOCHROME2"):
            return Message("scan_import.colour")
        if "MOSAIC" in words(header, "ImageType"):
            return Message("scan_import.mosaic")
        if photometric == "MONOCHROME1":
            return Message("scan_import.inverted")
        part = text(header, "BodyPartExamined").upper().replace(" ", "")
        if part in _OTHER_PARTS:
            return Message("scan_import.body_part", {"part": part})
        if self.component != "magnitude":
            return Message("scan_import.phase")
        positions = count_positions(self.frames)
        if positions < limits.LEAST_SLICES:
            if self.mixed:
                return Message("scan_import.orientations")
            return Message("scan_import.few_slices", {"count": positions, "least": limits.LEAST_SLICES})
        if item(header, "ModalityLUTSequence") is not None:
            return Message("scan_import.value_table")
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """Which series is clearly the contrast-enhanced T1.

    Attributes:
        series: None where none is.
        message: the same in words, or why none is.
    """

    series: Series | None
    message: Message


def propose_series(found: Sequence[Series]) -> Proposal:
    """The series that is clearly the contrast-enhanced T1 by its headers, can be analysed, and whose slices stack.

    Args:
        found: all series of the folder.
    """
    likelihoods = t1ce_likelihoods([series.header for series in found])
    usable = [(one, like.value) for one, like in zip(found, likelihoods, strict=True) if one.why_unusable is None]
    if not usable:
        return Proposal(None, Message("scan_import.proposed_none_usable"))
    values = [value for _, value in usable]
    ranked = [*sorted(values, reverse=True), 0.0]
    params = {"likelihood": f"{ranked[0]:.2f}", "next": f"{ranked[1]:.2f}"}
    # Never choose between patients or dates: a likelihood says nothing of which one was meant.
    if len({one.study for one, _ in usable}) > 1 or any(one.patients > 1 for one, _ in usable):
        return Proposal(None, Message("scan_import.proposed_studies"))
    best = clear_best(values)
    if best is None:
        if len(usable) == 1:
            return Proposal(None, Message("scan_import.proposed_only", params | {"number": usable[0][0].number[:12]}))
        return Proposal(None, Message("scan_import.proposed_unclear", params))
    series = usable[best][0]
    params["number"] = series.number[:12]
    try:
        stack(series.frames)
    except UnreadableScan:
        return Proposal(None, Message("scan_import.proposed_irregular", params))
    return Proposal(series, Message("scan_import.proposed", params))


def choose_series(found: Sequence[Series], uid: str | None) -> tuple[Series, tuple[Message, ...]]:
    """The one volume to analyse.

    Args:
        found: all volumes of all series of the folder, at least one.
        uid: the one that the user named: a series UID, or the id of a volume.

    Returns:
        The volume, and what the reader must know of the choice.

    Raises:
        UnreadableScan: the choice is the user's, or there is nothing to choose.
    """
    if uid:
        named = [series for series in found if series.id == uid.strip()]
        if named:
            return _if_usable(named[0]), ()
        volumes = [series for series in found if series.uid == uid.strip()]
        if not volumes:
            raise UnreadableScan("scan_import.unknown_series", series=_list(found))
        return _of_several(volumes, "scan_import.several_volumes")
    if len(found) == 1:
        return _if_usable(found[0]), ()
    return _of_several(found, "scan_import.several_series")


def _of_several(found: Sequence[Series], refusal: str) -> tuple[Series, tuple[Message, ...]]:
    usable = [series for series in found if series.why_unusable is None]
    if len(usable) > 1:
        proposal = propose_series(found)
        if proposal.series is not None:
            params = proposal.message.params | {"count": len(found), "images": len(proposal.series.frames)}
            return _if_usable(proposal.series), (Message("scan_import.series_proposed_taken", params),)
        raise UnreadableScan(refusal, count=len(usable), series=_list(usable))
    if not usable:
        if len({series.why_unusable.id for series in found if series.why_unusable}) == 1:
            _if_usable(found[0])
        raise UnreadableScan("scan_import.no_usable_series", count=len(found), series=_list(found))
    chosen = _if_usable(usable[0])
    # The description stays out: remarks are stored without identity, and it may hold some.
    params = {"count": len(found), "number": chosen.number[:12], "images": len(chosen.frames)}
    return chosen, (Message("scan_import.series_taken", params),)


def _if_usable(series: Series) -> Series:
    if series.patients > 1:
        raise UnreadableScan("scan_import.several_patients", count=series.patients)
    if reason := series.why_unusable:
        raise UnreadableScan(reason.id, **reason.params)
    if series.damaged:
        raise UnreadableScan("scan_import.dicom_damaged", file=series.damaged[0], files=series.files)
    return series


def _list(found: Sequence[Series]) -> str:
    labels = [series.label for series in found[:_LISTED]]
    if len(found) > _LISTED:
        labels.append(f"and {len(found) - _LISTED} more")
    return "; ".join(labels)
