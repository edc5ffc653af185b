"""What every exported DICOM object says of where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from vb_desktop import __version__
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.messages import Message, say

MANUFACTURER = "Virtual Biopsy Desktop"
CONTENT_LABEL = "RESEARCH"
_LONGEST = 64  # of a DICOM long string (LO)


@dataclass(frozen=True, slots=True)
class MadeBy:
    """Equipment and warnings.

    Attributes:
        manufacturer: name of the program.
        model: the same again: DICOM wants both.
        version: of the program.
        serial: the case, so that an object can be traced to it.
        warnings: research use, demonstration model, synthetic case, as far as they hold.
    """

    manufacturer: str
    model: str
    version: str
    serial: str
    warnings: tuple[str, ...]

    @classmethod
    def of(cls, case: Case) -> MadeBy:
        """For a case."""
        record = case.record
        ids = ["case.research_use"]
        ids += ["case.demo_model"] if record.provenance.demo_model else []
        ids += ["case.synthetic"] if record.synthetic else []
        warnings = tuple(say(Message(id_)) for id_ in ids)
        return cls(MANUFACTURER, "Virtual Biopsy Desktop", __version__, record.case_id, warnings)

    def series_description(self, what: str) -> str:
        """`RESEARCH: what`, with the word that the model or the case is no real one; at most 64 characters."""
        kinds = {"Demonstration": "demo model", "Synthetic": "synthetic"}
        marks = [mark for start, mark in kinds.items() if any(one.startswith(start) for one in self.warnings)]
        ending = f" ({', '.join(marks)})" if marks else ""
        return f"{CONTENT_LABEL}: {what}"[: _LONGEST - len(ending)] + ending
