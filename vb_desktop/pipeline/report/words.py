"""Numbers and sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vb_desktop.pipeline.case import CLASSES
from vb_desktop.pipeline.case_record import MessageRecord
from vb_desktop.pipeline.messages import Message, say

LONGEST = 400
"""Characters of a value from outside; DICOM allows 64 to 324 where identity stands."""


@dataclass(frozen=True, slots=True)
class Words:
    """Says the sentences of `messages/report.py` in one language."""

    language: str = "en"

    def __call__(self, id_: str, **params: Any) -> str:
        """The sentence `report.<id_>`."""
        return say(Message(f"report.{id_}", params), self.language)

    def case(self, id_: str) -> str:
        """The sentence `case.<id_>`."""
        return say(Message(f"case.{id_}"), self.language)

    def tell(self, message: MessageRecord) -> str:
        """A sentence of the case; its id and values where this version doesn't know it."""
        names = {key: value for key, value in message.params.items() if value in CLASSES}
        if names:  # a class is called as everywhere in the report
            said = {key: self(f"class.in_text.{value}") for key, value in names.items()}
            message = message.model_copy(update={"params": message.params | said})
        try:
            return message.say(self.language)
        except (ValueError, KeyError, IndexError):
            values = ", ".join(f"{key} = {value}" for key, value in message.params.items())
            return f"{message.id} ({values})" if values else message.id

    def known(self, id_: str, otherwise: str) -> str:
        """The sentence `report.<id_>`, or `otherwise` where there is none."""
        try:
            return self(id_)
        except ValueError:
            return otherwise

    def percent(self, share: float) -> str:
        """A share in [0, 1] as "78 %"; never a rounded 0 % or 100 %."""
        if 0.0 < share < 0.005:
            return "<\u00a01\u00a0%"
        if 0.995 <= share < 1.0:
            return ">\u00a099\u00a0%"
        return f"{100 * share:.0f}\u00a0%"

    def together(self, sentences: Sequence[str]) -> str:
        """Sentences one behind the other; without blanks between them in Chinese."""
        return ("" if self.language == "zh" else " ").join(sentences)

    def clipped(self, text: str) -> str:
        """A text from outside, cut where nobody could have meant it to be so long."""
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

    def mm(self, length: float) -> str:
        """A length without its unit: "31", below 10 mm "8.4"."""
        return f"{length:.0f}" if abs(length) >= 9.95 else f"{length:.1f}"

    def ml(self, volume: float) -> str:
        """A volume with its unit: "12.4 mL"."""
        return f"{volume:.1f}\u00a0mL" if volume >= 0.95 else f"{volume:.2f}\u00a0mL"

    def number(self, value: float | None) -> str:
        """A figure with three significant digits, or a dash."""
        if value is None:
            return "–"
        return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"

    def position(self, xyz: Sequence[float]) -> str:
        """RAS+ millimetres as the patient's directions: "R 31, P 12, S 8 mm"."""
        letters = (("R", "L"), ("A", "P"), ("S", "I"))
        parts = [f"{pair[0] if x >= 0 else pair[1]}\u00a0{abs(x):.0f}" for pair, x in zip(letters, xyz, strict=True)]
        return f"{', '.join(parts)}\u00a0mm"

    def listing(self, names: Sequence[str], joined: str = "or") -> str:
        """The names as one phrase, e.g. `a, b or c`."""
        if len(names) < 2:
            return "".join(names)
        return self(joined, first=", ".join(names[:-1]), last=names[-1])
