"""How large the error of a measurement was where it could be compared with an expert: from the localizer's model card.

The card speaks for the boxes of its own model only: not for another detector's, and not for those a reader drew.
"""

from __future__ import annotations

from dataclasses import dataclass

from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.errors import VBError
from vb_desktop.pipeline.model_card import ModelCard
from vb_desktop.pipeline.models import find_model
from vb_desktop.pipeline.report.words import Words

GROUP = "all tumours"
OWN = "out of fold"
"""Figures of the model itself, on patients it has not seen; the card holds those of other detectors beside them."""
NAMES = {
    "volume": "volume error, share",
    "diameter_long": "long diameter error, mm",
    "diameter_perp": "perpendicular diameter error, mm",
}


@dataclass(frozen=True, slots=True)
class KnownError:
    """A figure of the card.

    Attributes:
        value: absolute error; a share of the volume, or millimetres.
        n: patients.
        median: whether it is the median over the patients, or their mean.
    """

    value: float
    n: int
    median: bool


def known_errors(case: Case) -> dict[str, KnownError]:
    """Measured item -> its error; empty where the boxes come from elsewhere or nothing was evaluated."""
    vlm = case.record.config.get("vlm", {})
    if vlm.get("backend") != "builtin" or any(box.source == "reader" for box in case.record.boxes_in_force):
        return {}
    card = card_of_run(case, str(vlm.get("detector", "")))
    own = [] if card is None else [metric for metric in card.metrics if metric.data.startswith(OWN)]
    figures = {metric.name: metric for metric in own}
    found = {}
    for item, figure in NAMES.items():
        for suffix, median in ((", median", True), ("", False)):
            metric = figures.get(f"{GROUP}: {figure}{suffix}")
            if metric is not None and item not in found:
                found[item] = KnownError(metric.value, metric.n, median)
    return found


def card_of_run(case: Case, name: str) -> ModelCard | None:
    """The card of a model that made this case; None where it is not installed or another by now."""
    try:
        model = find_model(name)
    except VBError:
        return None
    return model.card if case.record.provenance.models.get(name) == model.sha256 else None


def in_words(item: str, errors: dict[str, KnownError], words: Words) -> str:
    """The error of an item as a phrase; that it was not evaluated where there is none."""
    error = errors.get(item)
    if error is None:
        return words("error.not_evaluated")
    size = words.percent(error.value) if item == "volume" else f"{words.mm(error.value)}\u00a0mm"
    return words("error.median" if error.median else "error.mean", size=size, n=error.n)
