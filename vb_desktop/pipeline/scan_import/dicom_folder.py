"""The DICOM files under a path, by content, grouped into series and volumes. Reads headers only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pydicom.dataset import Dataset

from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.progress import OnProgress, Progress, Stage, ignore
from vb_desktop.pipeline.scan_import.content import is_dicom, is_unknown, is_zip, nifti_version
from vb_desktop.pipeline.scan_import.dicom_files import DiskFiles, Files, files_under
from vb_desktop.pipeline.scan_import.dicom_frame import Frame, frames_of, is_image
from vb_desktop.pipeline.scan_import.dicom_header import FIRST_READ, read_header, series_uid_of_damaged
from vb_desktop.pipeline.scan_import.dicom_values import text
from vb_desktop.pipeline.scan_import.dicomdir import DICOMDIR_CLASS, files_named
from vb_desktop.pipeline.scan_import.frame_traits import Traits, traits_of
from vb_desktop.pipeline.scan_import.series import Packed, Series
from vb_desktop.pipeline.scan_import.volumes_of_series import Part, split_volumes
from vb_desktop.pipeline.scan_import.zip_archive import unpacked

_MR_IMAGES = ("1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.4.1", "1.2.840.10008.5.1.4.1.1.4.4")
_PROGRESS_EVERY = 25
_PER_FRAME = "PerFrameFunctionalGroupsSequence"


@dataclass(frozen=True, slots=True, eq=False)
class FoundSeries:
    """What is under a path.

    Attributes:
        series: every volume of every series, in the order of their numbers; at least one.
        files: how many files there are, DICOM or not.
        damaged: numbers of all DICOM files that can't be read.
        unplaced: those of them that don't tell their series.
        missing: files that a DICOMDIR names and that are not there.
        unknown: files that are empty or of no known kind, as a DICOM file is whose beginning is damaged.
    """

    series: tuple[Series, ...]
    files: int
    damaged: tuple[int, ...]
    unplaced: tuple[int, ...]
    missing: int
    unknown: int = 0

    @property
    def remarks(self) -> tuple[Message, ...]:
        """What the reader must know of files that were left out."""
        said = []
        if self.damaged:
            params = {"count": len(self.damaged), "files": self.files, "first": self.damaged[0]}
            said.append(Message("scan_import.files_damaged", params))
        if self.missing:
            said.append(Message("scan_import.files_missing", {"count": self.missing}))
        if self.unknown:
            said.append(Message("scan_import.files_unknown", {"count": self.unknown}))
        return tuple(said)


def read_series(path: Path, on_progress: OnProgress = ignore) -> tuple[Series, ...]:
    """Every volume of every series under a path where no file is damaged; see `find_series`.

    Raises:
        UnreadableScan: as `find_series`, and for any damaged DICOM file.
    """
    found = find_series(path, on_progress)
    if found.damaged:
        raise UnreadableScan("scan_import.dicom_damaged", file=found.damaged[0], files=found.files)
    return found.series


def find_series(path: Path, on_progress: OnProgress = ignore) -> FoundSeries:
    """Every volume of every series under a path. Damaged files are counted and passed over.

    Args:
        path: a DICOM file, a folder (subfolders included), a DICOMDIR or a zip archive; other files are skipped.
        on_progress: hears of the files read.

    Raises:
        UnreadableScan: no DICOM at all, too many files, nothing but damaged ones, or an archive that can't be used.
        OSError: the path can't be read.
    """
    with files_under(path) as files:
        reading = _Reading(files)
        for n in range(1, len(files) + 1):
            if n % _PROGRESS_EVERY == 1:
                on_progress(Progress(Stage.OPEN, 0.5 * n / len(files), "Reading DICOM headers"))
            reading.add(n)
        return reading.result(path)


@contextmanager
def on_disk(series: Series) -> Iterator[Series]:
    """The series with its files on the disk; those of an archive are unpacked for that time, under numbers as names.

    Raises:
        UnreadableScan: a file can't be unpacked.
    """
    if series.packed is None:
        yield series
        return
    with unpacked(series.packed.archive, series.packed.numbers, series.files) as paths:
        yield replace(series, paths=paths, packed=None)


class _Reading:
    """The files of a path while they come in."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._found: dict[str, _Found] = {}
        self._damaged: dict[int, str] = {}
        self._refused: OSError | None = None
        self._dicomdirs: list[int] = []
        self._nifti = 0
        self._archives = 0
        self._unknown = 0

    def add(self, n: int) -> None:
        head = b""
        try:
            with self._files.open(n) as file:
                head = file.read(FIRST_READ)
                if not is_dicom(head):
                    self._nifti += nifti_version(head) > 0 or self._is_packed_nifti(n, head)
                    self._archives += is_zip(head)
                    self._unknown += is_unknown(head[:540])
                    return
                header = read_header(head, file, self._files.size(n))
            self._place(n, head, header)
        except Exception as error:  # what a hostile file makes the parser raise can't be listed
            self._damaged[n] = series_uid_of_damaged(head)
            if isinstance(error, OSError) and error.errno:  # the parser raises some too
                self._refused = error

    def _place(self, n: int, head: bytes, header: Dataset) -> None:
        kind = text(header, "SOPClassUID") or text(header.file_meta, "MediaStorageSOPClassUID")
        if kind == DICOMDIR_CLASS:
            self._dicomdirs.append(n)
            return
        if not kind and head[128:132] != b"DICM":
            return
        frames = frames_of(header, n) if is_image(header) else ()
        if not frames and (not kind or kind in _MR_IMAGES):
            raise ValueError("the header ends too early")  # which the parser passes over
        traits = traits_of(header, len(frames))
        uid = text(header, "SeriesInstanceUID")
        self._found.setdefault(uid, _Found(uid, header)).add(header, n, frames, traits)

    def _is_packed_nifti(self, n: int, head: bytes) -> bool:
        named = isinstance(self._files, DiskFiles) and self._files.paths[n - 1].name.lower().endswith(".nii.gz")
        return named and head[:2] == b"\x1f\x8b"

    def result(self, path: Path) -> FoundSeries:
        count = len(self._files)
        if not self._found:
            raise self._nothing(path)
        series: list[Series] = []
        for found in self._found.values():
            damaged = tuple(n for n, uid in self._damaged.items() if uid and uid == found.uid)
            series += found.series(count, damaged, self._where(path, found.numbers))
        unplaced = tuple(n for n, uid in self._damaged.items() if uid not in self._found)
        return FoundSeries(
            series=tuple(sorted(series, key=lambda one: (one.number.zfill(12), one.uid, one.volume))),
            files=count,
            damaged=tuple(sorted(self._damaged)),
            unplaced=unplaced,
            missing=self._missing(path),
            unknown=self._unknown,
        )

    def _where(self, path: Path, numbers: list[int]) -> tuple[dict[int, Path], Packed | None]:
        if isinstance(self._files, DiskFiles):
            return {n: self._files.paths[n - 1] for n in numbers}, None
        return {}, Packed(path, tuple(numbers))

    def _missing(self, path: Path) -> int:
        """Files that a DICOMDIR names and that are not there; of a folder, only its own DICOMDIR is asked."""
        if not isinstance(self._files, DiskFiles):
            return 0
        own = [n for n in self._dicomdirs if self._files.paths[n - 1].parent == path]
        try:
            return self._files.missing + sum(files_named(self._files.paths[n - 1])[1] for n in own)
        except (UnreadableScan, OSError):
            return self._files.missing

    def _nothing(self, path: Path) -> Exception:
        count = len(self._files)
        if self._damaged:
            if self._refused is not None and len(self._damaged) == 1:
                return self._refused
            return UnreadableScan("scan_import.dicom_damaged", file=min(self._damaged), files=count)
        if not path.is_dir() and not isinstance(self._files, DiskFiles):
            archives = self._archives and not self._nifti
            return UnreadableScan("scan_import.zip_nested" if archives else "scan_import.zip_without_dicom")
        if not count:
            return UnreadableScan("scan_import.empty_folder")
        if self._nifti:
            return UnreadableScan("scan_import.no_dicom_but_nifti", count=self._nifti)
        return UnreadableScan("scan_import.no_dicom")


class _Found:
    """A series while its files come in."""

    def __init__(self, uid: str, header: Dataset) -> None:
        self.uid = uid
        self.numbers: list[int] = []
        self._header = header
        self._headers: dict[object, Dataset] = {}  # one for each kind of image, not each image: there may be thousands
        self._members: list[tuple[Frame, Traits]] = []
        self._seen: set[object] = set()
        self._copies = 0
        self._patients = set[tuple[str, str]]()

    def add(self, header: Dataset, n: int, frames: tuple[Frame, ...], traits: tuple[Traits, ...]) -> None:
        self._patients.add((text(header, "PatientID"), text(header, "PatientName")))
        # Position and orientation belong to the key: some anonymisers give all files of a series the same UID.
        key = tuple((frame.sop_instance_uid, frame.number, frame.position, frame.orientation) for frame in frames)
        if key and key[0][0] and key in self._seen:
            self._copies += 1
            return
        self._seen.add(key)
        self.numbers.append(n)
        self._members.extend(zip(frames, traits, strict=True))
        for one in traits:
            self._headers.setdefault(one.kind, header)

    def series(
        self, files: int, damaged: tuple[int, ...], where: tuple[dict[int, Path], Packed | None]
    ) -> Iterator[Series]:
        paths, packed = where
        whole = Series(
            self.uid, self._header, (), paths, files, self._copies, len(self._patients), damaged=damaged, packed=packed
        )
        parts = split_volumes(self._members) if self._members else ()
        for n, part in enumerate(parts, start=1):
            numbers = {frame.file for frame in part.frames}
            yield replace(
                whole,
                header=self._header_of(part) if len(parts) > 1 else self._header,
                frames=part.frames,
                paths={number: path for number, path in paths.items() if number in numbers},
                packed=packed and Packed(packed.archive, tuple(sorted(numbers))),
                volume=n,
                volumes=len(parts),
                part=part.label,
                component=part.traits.component,
                mixed=part.mixed,
            )
        if not parts:
            yield whole

    def _header_of(self, part: Part) -> Dataset:
        """Of the first file of the volume; of one with many frames, with the descriptions of the volume's alone."""
        header = self._headers.get(part.traits.kind, self._header)
        described = header.get(_PER_FRAME)
        if not described:
            return header
        # The volumes share one header, and its elements would be changed by setting another value.
        own = Dataset({element.tag: element for element in header if element.keyword != _PER_FRAME})
        implicit, little = header.original_encoding
        own.set_original_encoding(implicit, little, header.original_character_set)
        own.file_meta = header.file_meta
        file = part.frames[0].file
        own.PerFrameFunctionalGroupsSequence = [
            described[frame.number - 1] for frame in part.frames if frame.file == file
        ]
        return own
