"""A cohort: scans of patients whose diagnosis is known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortCase:
    """One scan of one patient.

    Attributes:
        name: unique in the cohort; fit for a file name.
        patient: pseudonym; several scans of a patient share it.
        label: a class of `case.CLASSES`.
        scan: NIfTI file or DICOM folder.
        input_space: native, skull-stripped or mni: what was already done to it.
        age: years.
        sex: "M", "F" or None.
        truth: tumour mask beside a synthetic case.
    """

    name: str
    patient: str
    label: str
    scan: Path
    input_space: str
    age: float | None = None
    sex: str | None = None
    truth: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Cases of a folder.

    Attributes:
        cases: by name.
        folder: where they lie.
        synthetic: drawn, not scanned; every model trained on it says so.
    """

    cases: tuple[CohortCase, ...]
    folder: Path
    synthetic: bool

    @property
    def counts(self) -> dict[str, int]:
        """Class -> number of cases."""
        return dict(Counter(case.label for case in self.cases))

    @property
    def patients(self) -> dict[str, list[CohortCase]]:
        """Patient -> cases."""
        found: dict[str, list[CohortCase]] = {}
        for case in self.cases:
            found.setdefault(case.patient, []).append(case)
        return found
