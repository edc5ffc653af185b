"""Sentences for people: a message is an id with parameters, and becomes words only where it is shown.

So a case can be printed again in another language. The English table of each part stands in its own file here; a
translation is a package here with the same ids (`chinese`), which holds what can stand in a report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from vb_desktop.pipeline.messages import (
    adaptive_diagnoser,
    case,
    chinese,
    cohort,
    evaluation,
    export,
    measurement,
    mri_processor,
    pacs,
    quality_gates,
    report,
    scan_import,
    training,
    tumor_localizer,
)

ENGLISH: Mapping[str, str] = MappingProxyType(
    case.SENTENCES
    | scan_import.SENTENCES
    | mri_processor.SENTENCES
    | quality_gates.SENTENCES
    | tumor_localizer.SENTENCES
    | adaptive_diagnoser.SENTENCES
    | measurement.SENTENCES
    | report.SENTENCES
    | evaluation.SENTENCES
    | export.SENTENCES
    | pacs.SENTENCES
    | cohort.SENTENCES
    | training.SENTENCES
)

TRANSLATIONS: Mapping[str, Mapping[str, str]] = MappingProxyType({"zh": chinese.SENTENCES})
"""Language -> id -> sentence."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be said: an id of `ENGLISH` and the values that its template names."""

    id: str
    params: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.id not in ENGLISH:
            raise ValueError(f"unknown message id {self.id!r}: add its sentence to vb_desktop/pipeline/messages")


def say(message: Message, language: str = "en") -> str:
    """The message in words of `language`; English where there is no translation."""
    template = TRANSLATIONS.get(language, {}).get(message.id, ENGLISH[message.id])
    return template.format(**message.params)


def says(id_: str) -> bool:
    """Whether a sentence with this id exists (an advice is optional)."""
    return id_ in ENGLISH
