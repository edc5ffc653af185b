"""Every sentence that can stand in a report has its Chinese one, with the same values in it."""

from __future__ import annotations

from string import Formatter

import pytest

from vb_desktop.pipeline.messages import ENGLISH, TRANSLATIONS, Message, say

CHINESE = TRANSLATIONS["zh"]
PARTS = ("report", "measurement", "gate", "evidence", "diagnosis", "tumor_localizer", "scan_import", "mri_processor")
NEVER_PRINTED = {
    "tumor_localizer.vlm_unreadable",
    "tumor_localizer.vlm_repeats",
    "tumor_localizer.vlm_late",
    "tumor_localizer.server_ok",
    "scan_import.no_thumbnail",
}
"""Causes of a slice's failure, and what the window says before there is a case."""
CHOOSING = ("scan_import.reason_", "scan_import.proposed_", "scan_import.proposed")
CASE = ("case.research_use", "case.demo_model", "case.synthetic")


def printed() -> list[str]:
    """Ids of sentences of a report: all of those parts but errors, their advice, and what is said when choosing."""
    ids = [
        id_
        for id_ in ENGLISH
        if id_.split(".")[0] in PARTS and not id_.endswith(".advice") and f"{id_}.advice" not in ENGLISH
    ]
    return [*CASE, *(id_ for id_ in ids if not id_.startswith(CHOOSING) and id_ not in NEVER_PRINTED)]


def values_of(template: str) -> set[tuple[str, str]]:
    return {(name, spec or "") for _, name, spec, _ in Formatter().parse(template) if name is not None}


def test_every_printed_sentence_is_translated() -> None:
    assert [id_ for id_ in printed() if id_ not in CHINESE] == []


def test_nothing_is_translated_that_is_not_there() -> None:
    assert set(CHINESE) - set(ENGLISH) == set()


@pytest.mark.parametrize("id_", sorted(CHINESE))
def test_a_translation_names_the_same_values(id_: str) -> None:
    may_miss = {"report.technique.processing_skull-stripped": {("skull_stripping", "")}}
    there = values_of(CHINESE[id_])
    assert there | may_miss.get(id_, set()) >= values_of(ENGLISH[id_])
    assert there <= values_of(ENGLISH[id_])


def test_a_sentence_without_translation_is_said_in_english() -> None:
    assert say(Message("config.unknown_key", {"key": "a"}), "zh") == say(Message("config.unknown_key", {"key": "a"}))
    assert say(Message("case.research_use"), "zh") == "仅供研究使用，不能替代活检。"
