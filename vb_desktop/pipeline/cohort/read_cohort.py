"""Read a cohort however it is laid out: class folders, a table, BIDS; as hospitals and DeepSite-MRI do it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from vb_desktop.pipeline.cohort.cohort import Cohort, CohortCase
from vb_desktop.pipeline.cohort.find_scans import FoundScan, chosen, is_image, scans_in, stem_of, walk
from vb_desktop.pipeline.cohort.labels import age_of, class_of, sex_of
from vb_desktop.pipeline.cohort.synthetic_files import MARKER
from vb_desktop.pipeline.cohort.table import ENDINGS, Row, Table, read_table
from vb_desktop.pipeline.errors import CohortError
from vb_desktop.pipeline.messages import Message

Layout = Literal["table", "bids", "class folders"]
SPACES = ("native", "skull-stripped", "mni")


@dataclass(slots=True)
class Understanding:
    """What was understood of a folder.

    Attributes:
        folder: the cohort's, absolute.
        layout: how it is laid out; None where nothing was understood.
        cases: what was found.
        errors: what keeps it from being used.
        remarks: what the user may want to know.
        synthetic: the marker of a synthetic cohort lies at the root.
        input_space: of cases that don't say it.
        tables: those that were read; None where it could not be.
    """

    folder: Path
    layout: Layout | None = None
    cases: list[CohortCase] = field(default_factory=list)
    errors: list[Message] = field(default_factory=list)
    remarks: list[Message] = field(default_factory=list)
    synthetic: bool = False
    input_space: str = "native"
    tables: dict[Path, Table | None] = field(default_factory=dict)


def read_cohort(folder: Path, input_space: str | None = None) -> Cohort:
    """Read a cohort.

    Args:
        folder: where it lies.
        input_space: of all scans that no table says it of; what the marker of a synthetic cohort says, else native.

    Raises:
        CohortError: it can't be understood, a label is unknown, or a table names files outside the folder.
    """
    found = understand(folder, input_space)
    if found.errors:
        raise CohortError(found.errors[0].id, **found.errors[0].params)
    return Cohort(cases=tuple(found.cases), folder=found.folder, synthetic=found.synthetic)


def understand(folder: Path, input_space: str | None = None) -> Understanding:
    """As `read_cohort`, but says everything that is wrong instead of stopping at it.

    Raises:
        CohortError: there is no such folder, or it holds too many files.
    """
    folder = folder.expanduser()
    if not folder.is_dir():
        raise CohortError("cohort.no_folder", folder=str(folder))
    found = Understanding(folder.resolve())
    found.synthetic, found.input_space = _marker(found.folder)
    found.input_space = input_space or found.input_space
    files = walk(found.folder)
    tables = [path for path in files if path.parent == found.folder and path.suffix.lower() in ENDINGS]
    for read in (_from_table, _from_bids, _from_class_folders):
        read(found, files, tables)
        if found.layout is not None:
            break
    if found.cases:  # what another table may have held was not needed
        unread = [error for error in found.errors if error.id == "cohort.table_unreadable"]
        found.errors = [error for error in found.errors if error not in unread]
        found.remarks += unread
    if not found.cases and not found.errors:
        found.errors.append(Message("cohort.no_cases", {"folder": found.folder.name}))
    found.cases = with_unique_names(found.cases)
    return found


def _marker(folder: Path) -> tuple[bool, str]:
    try:
        said = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        space = said.get("space")
        return said.get("synthetic") is True, space if space in SPACES else "native"
    except FileNotFoundError:
        return False, "native"
    except (OSError, ValueError, AttributeError):  # a marker that can't be read is a marker all the same
        return True, "native"


def _from_table(found: Understanding, files: list[Path], tables: list[Path]) -> None:
    """A table with labels, and a column of files or names that folders or files of the cohort bear."""
    for path in tables:
        if path.name.lower() == "participants.tsv":
            continue
        table = _read(found, path)
        if table is None or "label" not in table.columns or not table.columns & {"path", "patient", "name"}:
            continue
        find = _by_path(found, table) if "path" in table.columns else _by_name(found, files)
        errors, remarks = len(found.errors), len(found.remarks)
        _take_rows(found, table, find)
        if found.cases or len(found.errors) > errors:
            found.layout = "table"
            return
        del found.remarks[remarks:]  # it names nothing that is here: a table of something else


def _from_bids(found: Understanding, files: list[Path], tables: list[Path]) -> None:
    """`participants.tsv` with a label, and `sub-*/[ses-*/]anat/*_T1w.nii.gz`."""
    path = found.folder / "participants.tsv"
    table = _read(found, path) if path in tables else None
    if table is None or "label" not in table.columns or "patient" not in table.columns:
        return
    anat: dict[str, list[Path]] = {}
    for file in files:
        inside = file.relative_to(found.folder).parts
        if inside[0].startswith("sub-") and "anat" in inside and is_image(file) and stem_of(file).endswith("_T1w"):
            anat.setdefault(inside[0], []).append(file)

    def find(row: Row) -> list[FoundScan]:
        name = row.get("patient")
        subject = name if name.startswith("sub-") else f"sub-{name}"
        paths = anat.get(subject, [])
        enhanced = [path for path in paths if re.search(r"_ce-", path.name)]
        return [FoundScan(path, subject) for path in enhanced or chosen(paths)]

    _take_rows(found, table, find)
    found.layout = "bids"


def _from_class_folders(found: Understanding, files: list[Path], tables: list[Path]) -> None:
    """FOLDER/CLASS/PATIENT/image or FOLDER/CLASS/image; a table beside may give ages and sexes."""
    people: dict[str, Row] = {}
    for path in tables:
        table = _read(found, path)
        for row in table.rows if table else ():
            people.setdefault(row.get("patient") or row.get("name"), row)
    aside = 0
    for place in sorted({found.folder / path.relative_to(found.folder).parts[0] for path in files}):
        if not place.is_dir():
            continue
        label = class_of(place.name)
        scans, left = scans_in(place, [path for path in files if path.is_relative_to(place)])
        if label is None:
            if scans:
                values = {"label": place.name, "count": len(scans), "first": scans[0].path.name}
                found.errors.append(Message("cohort.label_unknown", values))
            continue
        found.layout, aside = "class folders", aside + left
        for scan in scans:
            _add(found, scan, label, people.get(scan.patient))
    if found.layout is None:
        found.errors.clear()  # folders of anything: not laid out by class at all
    elif aside:
        found.remarks.append(Message("cohort.skipped", {"count": aside}))


def _read(found: Understanding, path: Path) -> Table | None:
    if path not in found.tables:
        try:
            found.tables[path] = read_table(path)
        except CohortError as error:
            found.errors.append(error.message)
            found.tables[path] = None
    return found.tables[path]


def _by_path(found: Understanding, table: Table) -> Callable[[Row], list[FoundScan]]:
    def find(row: Row) -> list[FoundScan]:
        text = row.get("path")
        if not text or "\0" in text:
            return []
        path = _inside(found.folder, text)
        if path is None:
            _once(found.errors, Message("cohort.outside", {"table": table.file.name, "row": row.number}))
            return []
        if path.is_dir():
            scans, _ = scans_in(path.parent, [file for file in walk(path) if file.is_file()])
        else:
            scans = [FoundScan(path, row.get("name") or stem_of(path))] if path.is_file() else []
        return scans

    return find


def _by_name(found: Understanding, files: list[Path]) -> Callable[[Row], list[FoundScan]]:
    """Files in a folder of that name anywhere, else files whose name begins with it."""
    by_name: dict[str, list[Path]] = {}
    for path in files:
        if is_image(path):
            inside = path.relative_to(found.folder)
            for name in {*inside.parts[:-1], stem_of(path), *_beginnings(stem_of(path))}:
                by_name.setdefault(name.lower(), []).append(path)

    def find(row: Row) -> list[FoundScan]:
        name = row.get("patient") or row.get("name")
        return [FoundScan(path, name) for path in chosen(by_name.get(name.lower(), []))]

    return find


def _beginnings(stem: str) -> list[str]:
    return [stem[: match.start()] for match in re.finditer(r"[_\s.]", stem)]


def _inside(folder: Path, text: str) -> Path | None:
    """The path that a table names, if it lies in the folder, links followed."""
    text = text.replace("\\", "/")
    try:
        path = (folder / text).resolve()
    except (OSError, ValueError, RuntimeError):
        return None
    return path if path.is_relative_to(folder) else None


def _take_rows(found: Understanding, table: Table, find: Callable[[Row], list[FoundScan]]) -> None:
    unknown: dict[str, list[str]] = {}
    unlabelled, missing, ages = [], [], []
    for row in table.rows:
        scans = find(row)
        text = row.get("label")
        who = row.get("name") or row.get("patient") or row.get("path")
        if not text:
            unlabelled.append(row.number)
        elif (label := class_of(text)) is None:
            unknown.setdefault(text, []).append(who)
        elif not scans:
            missing.append(row.number)
        else:
            for scan in scans:
                _add(found, scan, label, row)
        if row.get("age") and age_of(row.get("age")) is None and row.get("age").lower() not in {"n/a", "na", "nan"}:
            ages.append(row.get("age"))
    for text, cases in unknown.items():
        found.errors.append(
            Message("cohort.label_unknown", {"label": text[:60], "count": len(cases), "first": cases[0]})
        )
    if unlabelled:
        values = {"count": len(unlabelled), "table": table.file.name, "row": unlabelled[0]}
        found.errors.append(Message("cohort.label_missing", values))
    outside = any(error.id == "cohort.outside" for error in found.errors)
    if missing and not outside:
        values = {"count": len(missing), "table": table.file.name, "row": missing[0]}
        found.remarks.append(Message("cohort.file_missing", values))
    if ages:
        found.remarks.append(Message("cohort.ages_unread", {"count": len(ages), "first": ages[0][:20]}))


def _add(found: Understanding, scan: FoundScan, label: str, row: Row | None) -> None:
    path = scan.path.resolve()
    if not path.is_relative_to(found.folder):  # a link to elsewhere
        _once(found.errors, Message("cohort.outside", {"table": scan.path.name, "row": 1}))
        return
    space = row.get("input_space") if row else ""
    truth = path.with_name("seg.nii.gz") if found.synthetic else None
    found.cases.append(
        CohortCase(
            name=(row.get("name") if row else "") or stem_of(scan.path),
            patient=(row.get("patient") if row else "") or scan.patient,
            label=label,
            scan=path,
            input_space=space if space in SPACES else _bids_space(path) or found.input_space,
            age=age_of(row.get("age")) if row else None,
            sex=sex_of(row.get("sex")) if row else None,
            truth=truth if truth is not None and truth.is_file() else None,
        )
    )


def _bids_space(path: Path) -> str | None:
    if re.search(r"_space-MNI152", path.name):
        return "mni"
    return "skull-stripped" if re.search(r"_desc-brain_", path.name) else None


def with_unique_names(cases: list[CohortCase]) -> list[CohortCase]:
    """Names fit for files: the case's own where it is unique, else with its patient, else numbered."""
    from dataclasses import replace

    taken: set[str] = set()
    named = []
    count: dict[str, int] = {}
    for case in cases:
        count[case.name.lower()] = count.get(case.name.lower(), 0) + 1
    for case in cases:
        name = case.name if count[case.name.lower()] == 1 else f"{case.patient}-{case.name}"
        name = re.sub(r"[^\w.-]+", "_", name).strip("._")[:80] or "case"
        unique, number = name, 2
        while unique.lower() in taken:
            unique, number = f"{name}-{number}", number + 1
        taken.add(unique.lower())
        named.append(replace(case, name=unique))
    return named


def _once(messages: list[Message], message: Message) -> None:
    if all(known.id != message.id for known in messages):
        messages.append(message)
