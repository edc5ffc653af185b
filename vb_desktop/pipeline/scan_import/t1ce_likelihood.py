"""How likely each series of a folder is the contrast-enhanced T1, told from headers alone, with the reasons.

A sum of weights set by hand from what the elements mean, not a probability calibrated on cases.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydicom.dataset import Dataset

from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.scan_import.dicom_identity import contrast_agent, technique_of
from vb_desktop.pipeline.scan_import.dicom_values import number, text
from vb_desktop.pipeline.scan_import.series_words import contrast_named, weighting_named

# What speaks for T1-CE; all of it together is 1. A T1 without a sign of contrast stays at 0.45 or below.
_CONTRAST_NAMED = 0.30  # the operator's own words for this very series
_AGENT_RECORDED = 0.25  # less: some scanners keep the agent from series to series, or for the whole study
_T1_NAMED = 0.20
_T1_TIMING = 0.10  # less: TOF and susceptibility images have short times too
_AFTER_TWIN = 0.10  # the same T1 twice in a study is first without contrast agent, then with it
_USUAL_SEQUENCE = 0.05  # 2D spin echo is still in use

# What speaks against it outweighs what speaks for contrast: FLAIR after contrast agent is not T1-CE.
_OTHER_NAMED = -0.60
_OTHER_TIMING = -0.50  # physics: such an image is not T1-weighted, whatever its name
_NO_CONTRAST_NAMED = -0.50  # outweighs an agent that the scanner kept in the header
_BEFORE_TWIN = -0.10

LEAST = 0.60
"""Below this no series is called the T1-CE: signs of T1 and of contrast are both needed to reach it."""

MARGIN = 0.20
"""How far the best must lie above all others to be clearly the best: more than any single weak sign."""

_TWIN_APART_S = 60  # series made from another (reformats) carry its time
_EPI = re.compile(r"\*?ep")


@dataclass(frozen=True, slots=True)
class Reason:
    """One sign in the header, and what it adds to the likelihood."""

    message: Message
    weight: float


@dataclass(frozen=True, slots=True)
class T1CELikelihood:
    """How likely a series is the contrast-enhanced T1.

    Attributes:
        value: in [0, 1], the sum of the weights of its reasons, clipped.
        reasons: what was seen, for and against.
        weighting: "T1", another weighting or kind of image, or empty where neither words nor times tell.
    """

    value: float
    reasons: tuple[Reason, ...]
    weighting: str


def t1ce_likelihoods(headers: Sequence[Dataset]) -> tuple[T1CELikelihood, ...]:
    """The likelihood of each series.

    Args:
        headers: one of each series of a folder; the order of acquisition is compared within each study.
    """
    found = [_of_one(header) for header in headers]
    t1 = [n for n, one in enumerate(found) if one.weighting == "T1"]
    return tuple(
        _sum((*one.reasons, *_order(headers, n, t1)), one.weighting) if n in t1 else one for n, one in enumerate(found)
    )


def clear_best(likelihoods: Sequence[float]) -> int | None:
    """Index of the one that reaches `LEAST` and lies `MARGIN` or more above all others; None where none does."""
    if not likelihoods:
        return None
    ranked = sorted(range(len(likelihoods)), key=lambda n: -likelihoods[n])
    best = likelihoods[ranked[0]]
    second = likelihoods[ranked[1]] if len(ranked) > 1 else 0.0
    return ranked[0] if best >= LEAST and round(best - second, 6) >= MARGIN else None


def _of_one(header: Dataset) -> T1CELikelihood:
    modality = text(header, "Modality").upper()
    if modality != "MR":
        return T1CELikelihood(0.0, (Reason(Message("scan_import.reason_not_mr"), -1.0),), "")
    technique = technique_of(header)
    description = text(header, "SeriesDescription")
    # The protocol's name may be that of the whole examination, so it tells no contrast.
    named = weighting_named(description) or weighting_named(text(header, "ProtocolName"))
    timed, timing = _timing(technique)
    reasons = [*_contrast(header, description)]
    if named == "T1":
        reasons.append(Reason(Message("scan_import.reason_t1_named"), _T1_NAMED))
    elif named:
        reasons.append(Reason(Message("scan_import.reason_other_named", {"kind": named}), _OTHER_NAMED))
    reasons.extend(timing)
    reasons.extend(_sequence(technique))
    against = timed == "other" or any(reason.message.id == "scan_import.reason_epi" for reason in reasons)
    weighting = "" if named == "T1" and against else named or (timed if timed == "T1" and not against else "")
    return _sum(tuple(reasons), weighting)


def _contrast(header: Dataset, description: str) -> list[Reason]:
    reasons = []
    if contrast_agent(header) or (number(header, "ContrastBolusVolume") or 0) > 0:
        reasons.append(Reason(Message("scan_import.reason_agent"), _AGENT_RECORDED))
    with_, without = contrast_named(description)
    if with_ and without:
        params = {"with_": with_, "without": without}
        reasons.append(Reason(Message("scan_import.reason_contrast_unclear", params), 0.0))
    elif with_:
        reasons.append(Reason(Message("scan_import.reason_contrast_named", {"word": with_}), _CONTRAST_NAMED))
    elif without:
        reasons.append(Reason(Message("scan_import.reason_no_contrast_named", {"word": without}), _NO_CONTRAST_NAMED))
    return reasons


def _timing(technique: dict[str, Any]) -> tuple[str, list[Reason]]:
    """TR, TE and TI in ms at 1.5 to 3 T: "T1", "other", or empty where they don't tell."""
    tr, te, ti = (technique.get(f"{name}_time_ms") for name in ("repetition", "echo", "inversion"))
    shown = ", ".join(f"{name} {value:.4g} ms" for name, value in (("TR", tr), ("TE", te), ("TI", ti)) if value)
    other = [Reason(Message("scan_import.reason_other_timing", {"times": shown}), _OTHER_TIMING)]
    if not te:
        return "", []
    gradient = _is_gradient_echo(technique)
    if te > 40 or (ti or 0) > 1500:  # T2, or fluid suppressed
        return "other", other
    # Magnetisation prepared; spoiled gradient echo; spin echo.
    short = te <= (10 if gradient else 30)
    if (ti and ti >= 400 and short) or (tr and tr <= 50 and te <= 10) or (tr and 300 <= tr <= 1200 and short):
        return "T1", [Reason(Message("scan_import.reason_t1_timing", {"times": shown}), _T1_TIMING)]
    if tr and tr > 1500 and not ti and "SE" in technique.get("scanning_sequence", "").split():  # proton density
        return "other", other
    return "", []


def _sequence(technique: dict[str, Any]) -> list[Reason]:
    kinds = technique.get("scanning_sequence", "").split()
    if "EP" in kinds or _EPI.match(technique.get("sequence", "").lower()):
        return [Reason(Message("scan_import.reason_epi"), _OTHER_TIMING)]
    if technique.get("acquisition") == "3D" and _is_gradient_echo(technique):
        return [Reason(Message("scan_import.reason_sequence"), _USUAL_SEQUENCE)]
    return []


def _is_gradient_echo(technique: dict[str, Any]) -> bool:
    return bool({"GR", "GRADIENT"} & set(technique.get("scanning_sequence", "").split()))


def _order(headers: Sequence[Dataset], n: int, t1: Sequence[int]) -> list[Reason]:
    own = acquired_at(headers[n])
    twins = [acquired_at(headers[m]) for m in t1 if m != n and _are_twins(headers[n], headers[m])]
    apart = [(own - time).total_seconds() for time in twins if own and time]
    if any(seconds > _TWIN_APART_S for seconds in apart):
        return [Reason(Message("scan_import.reason_after_twin"), _AFTER_TWIN)]
    if any(seconds < -_TWIN_APART_S for seconds in apart):
        return [Reason(Message("scan_import.reason_before_twin"), _BEFORE_TWIN)]
    return []


def _are_twins(one: Dataset, other: Dataset) -> bool:
    """Whether two series of a study were acquired with the same times, within 5 %."""
    study = text(one, "StudyInstanceUID")
    if not study or study != text(other, "StudyInstanceUID"):
        return False
    pairs = [
        (technique_of(one).get(key), technique_of(other).get(key)) for key in ("repetition_time_ms", "echo_time_ms")
    ]
    return all(a and b and abs(a - b) <= 0.05 * max(a, b) for a, b in pairs)


def acquired_at(header: Dataset) -> datetime | None:
    """When the first image of a series was acquired; None where the header doesn't say it."""
    day = text(header, "AcquisitionDate") or text(header, "SeriesDate") or text(header, "StudyDate")
    time = text(header, "AcquisitionTime") or text(header, "SeriesTime")
    written = text(header, "AcquisitionDateTime") or day + time
    digits = re.match(r"\d{14}", written)
    try:
        return datetime.strptime(digits[0], "%Y%m%d%H%M%S") if digits else None
    except ValueError:
        return None


def _sum(reasons: tuple[Reason, ...], weighting: str) -> T1CELikelihood:
    value = sum(reason.weight for reason in reasons)
    return T1CELikelihood(round(min(max(value, 0.0), 1.0), 2), reasons, weighting)
