"""Look a cohort over before anything is trained on it: what was understood, and what is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from vb_desktop.pipeline.case import CLASSES
from vb_desktop.pipeline.cohort.cohort import Cohort, CohortCase
from vb_desktop.pipeline.cohort.read_cohort import understand
from vb_desktop.pipeline.errors import VBError
from vb_desktop.pipeline.follow_parent import follow_parent
from vb_desktop.pipeline.messages import Message, say, says


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortCheck:
    """What was found.

    Attributes:
        folder: the cohort's.
        layout: table, bids, class folders; None where nothing was understood.
        synthetic: drawn, not scanned.
        cases: number of scans.
        patients: number of patients.
        classes: class -> cases and patients.
        several_scans: patients with more than one scan.
        ages: known, mean, sd, least, most.
        sexes: M, F, unknown -> patients.
        spaces: input space -> cases.
        unreadable: case -> why.
        duplicates: names of cases whose voxels are the same, of one patient.
        leaks: the same of different patients.
        two_classes: patient -> classes.
        errors: what prevents training.
        remarks: what does not.
    """

    folder: str
    layout: str | None
    synthetic: bool
    cases: int
    patients: int
    classes: dict[str, dict[str, int]]
    several_scans: int
    ages: dict[str, float]
    sexes: dict[str, int]
    spaces: dict[str, int]
    unreadable: dict[str, str]
    duplicates: list[list[str]]
    leaks: list[list[str]]
    two_classes: dict[str, list[str]]
    errors: tuple[Message, ...]
    remarks: tuple[Message, ...]

    @property
    def fit(self) -> bool:
        """Whether nothing prevents training."""
        return not self.errors

    def plain(self, language: str = "en") -> dict[str, Any]:
        """As JSON can write it; messages with their sentences."""
        told = asdict(self)
        for key in ("errors", "remarks"):
            told[key] = [{"id": m.id, "sentence": say(m, language), "advice": _advice(m)} for m in getattr(self, key)]
        return told | {"fit": self.fit}


def check_cohort(
    folder: Path, *, folds: int = 5, jobs: int = 1, on_case: Callable[[int, int], None] = lambda done, of: None
) -> CohortCheck:
    """Read every scan and look for what would spoil a training.

    Args:
        folder: of the cohort.
        folds: of the cross-validation that is meant.
        jobs: processes that read.
        on_case: told how many of how many scans were read.

    Raises:
        CohortError: there is no such folder, or it holds too many files.
    """
    found = understand(folder)
    cohort = Cohort(cases=tuple(found.cases), folder=found.folder, synthetic=found.synthetic)
    hashes, unreadable = {}, {}
    for done, (case, (digest, why)) in enumerate(_read_all(cohort.cases, jobs), start=1):
        on_case(done, len(cohort.cases))
        if why:
            unreadable[case.name] = why
        else:
            hashes[case.name] = digest
    duplicates, leaks = _same(cohort, hashes)
    by_patient = cohort.patients
    two = {patient: sorted({case.label for case in cases}) for patient, cases in by_patient.items()}
    two = {patient: labels for patient, labels in two.items() if len(labels) > 1}
    classes = {label: {"cases": 0, "patients": 0} for label in CLASSES}
    for label in classes:
        of_label = [case for case in cohort.cases if case.label == label and case.name not in unreadable]
        classes[label] = {"cases": len(of_label), "patients": len({case.patient for case in of_label})}
    errors = [*found.errors]
    if cohort.cases:
        errors += _class_errors(classes, folds)
    errors += [Message("cohort.two_classes", {"patient": p, "labels": ", ".join(names)}) for p, names in two.items()]
    errors += [Message("cohort.same_patient_twice", {"cases": ", ".join(names)}) for names in leaks]
    errors += [Message("cohort.unreadable", {"case": name, "cause": why}) for name, why in unreadable.items()]
    remarks = [*found.remarks, *(Message("cohort.duplicate", {"cases": ", ".join(names)}) for names in duplicates)]
    return CohortCheck(
        folder=str(found.folder), layout=found.layout, synthetic=found.synthetic, cases=len(cohort.cases),
        patients=len(by_patient), classes=classes, several_scans=sum(len(cases) > 1 for cases in by_patient.values()),
        ages=_ages(by_patient), sexes=_sexes(by_patient), spaces=_counted(case.input_space for case in cohort.cases),
        unreadable=unreadable, duplicates=duplicates, leaks=leaks, two_classes=two, errors=tuple(errors),
        remarks=tuple(remarks),
    )  # fmt: skip


def _class_errors(classes: dict[str, dict[str, int]], folds: int) -> list[Message]:
    errors = []
    for label, count in classes.items():
        if count["cases"] == 0:
            errors.append(Message("cohort.class_missing", {"label": label}))
        elif count["patients"] < folds:
            values = {"label": label, "patients": count["patients"], "folds": folds}
            errors.append(Message("cohort.class_small", values))
    return errors


def _read_all(cases: tuple[CohortCase, ...], jobs: int) -> Iterable[tuple[CohortCase, tuple[str, str]]]:
    paths = [case.scan for case in cases]
    if jobs <= 1 or len(cases) < 2:
        yield from zip(cases, map(_fingerprint, paths), strict=True)
        return
    with ProcessPoolExecutor(min(jobs, len(cases)), mp_context=get_context("spawn"), initializer=follow_parent) as pool:
        yield from zip(cases, pool.map(_fingerprint, paths), strict=True)


def _fingerprint(path: Path) -> tuple[str, str]:
    """Sha256 of the voxels, whatever file they are in; or why they can't be read."""
    from vb_desktop.pipeline.scan_import.open_scan import open_scan

    try:
        volume = open_scan(path).volume
    except VBError as error:
        return "", error.sentence()
    except Exception as error:  # a damaged file can break its reader in any way, and the others are still to be read
        return "", f"{type(error).__name__}."
    return hashlib.sha256(
        repr(volume.voxels.shape).encode() + np.ascontiguousarray(volume.voxels).tobytes()
    ).hexdigest(), ""


def _same(cohort: Cohort, hashes: dict[str, str]) -> tuple[list[list[str]], list[list[str]]]:
    """Groups of cases with the same voxels: of one patient, of several."""
    groups: dict[str, list[CohortCase]] = {}
    for case in cohort.cases:
        if case.name in hashes:
            groups.setdefault(hashes[case.name], []).append(case)
    same = [cases for cases in groups.values() if len(cases) > 1]
    alone = [[case.name for case in cases] for cases in same if len({case.patient for case in cases}) == 1]
    shared = [[case.name for case in cases] for cases in same if len({case.patient for case in cases}) > 1]
    return alone, shared


def _ages(patients: dict[str, list[CohortCase]]) -> dict[str, float]:
    known = [cases[0].age for cases in patients.values() if cases[0].age is not None]
    if not known:
        return {"known": 0}
    mean, sd = float(np.mean(known)), float(np.std(known))
    return {"known": len(known), "mean": round(mean, 1), "sd": round(sd, 1), "least": min(known), "most": max(known)}


def _sexes(patients: dict[str, list[CohortCase]]) -> dict[str, int]:
    return _counted(cases[0].sex or "unknown" for cases in patients.values())


def _counted(values: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return counts


def _advice(message: Message) -> str:
    id_ = f"{message.id}.advice"
    return say(Message(id_, message.params)) if says(id_) else ""
