"""Read-first: the model's answer waits until the reader has recorded an impression of their own."""

from __future__ import annotations

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.reading import Reading
from vb_desktop.shell.settings import Settings

_KEY = "read_first"
_ANSWERS = ("diagnosis.",)
"""Beginnings of the ids of remarks that would give the answer away."""


class ReadFirst:
    """Whether the answer is hidden, and a case as it is shown meanwhile.

    Args:
        settings: keep whether the reader wants it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def is_on(self) -> bool:
        """Whether the reader wants to read first."""
        return self._settings.text(_KEY) == "true"

    @is_on.setter
    def is_on(self, on: bool) -> None:
        self._settings.set_text(_KEY, "true" if on else "")

    def hides(self, case: Case, reading: Reading) -> bool:
        """Whether the answer of this case has to wait."""
        return self.is_on and case.record.diagnosis is not None and reading.impression is None

    def without_answer(self, case: Case) -> Case:
        """The case with boxes and priors, and nothing of what the model says of its class."""
        remarks = [remark for remark in case.record.remarks if not remark.id.startswith(_ANSWERS)]
        record = case.record.model_copy(update={"diagnosis": None, "remarks": remarks})
        return Case(case.folder, record, case.identity)
