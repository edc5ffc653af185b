"""Simplified Chinese sentences of what can stand in a report or in the window, by the ids of the English tables."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from vb_desktop.pipeline.messages.chinese import case, localisation, measurement, opening, quality, report, scan

SENTENCES: Mapping[str, str] = MappingProxyType(
    report.SENTENCES
    | measurement.SENTENCES
    | quality.SENTENCES
    | localisation.SENTENCES
    | scan.SENTENCES
    | case.SENTENCES
    | opening.SENTENCES
)
