"""How likely each series of a folder is the contrast-enhanced T1, told from headers alone, with the reasons.

A sum of weights set by hand from what the elements mean, not a probability calibrated on cases.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydicom.dataset import Dataset

from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.scan_import.acquisition_order import Acquisition, acquired_at, acquisition_of, told_by_order
from vb_desktop.pipeline.scan_import.dicom_identity import contrast_agent, technique_of
from vb_desktop.pipeline.scan_import.dicom_values import item, number, text, words
from vb_desktop.pipeline.scan_import.series_words import contrast_named, weighting_named

# What speaks for T1-CE. The signs of contrast other than words and record are signs of order, and count once, the
# strongest of them: a T1 without any sign of contrast stays at 0.35.
_CONTRAST_NAMED = 0.30  # the operator's own words for this very series
_CONTRAST_PHASE = 0.30  # of Enhanced files: the scanner's own word for these very frames
_AGENT_RECORDED = 0.25  # less: some scanners keep the agent from series to series, or for the whole study
_T1_NAMED = 0.20
_T1_TIMING = 0.10  # less: TOF and susceptibility images have short times too
_USUAL_SEQUENCE = 0.05  # 2D spin echo is still in use
_AFTER_INJECTION = 0.20
_AFTER_PERFUSION = 0.15
_AFTER_GEOMETRY_TWIN = 0.15  # the same T1 twice in a study is first without contrast agent, then with it
_AFTER_TWIN = 0.10

# What speaks against it outweighs what speaks for contrast: FLAIR after contrast agent is not T1-CE.
_OTHER_NAMED = -0.60
_OTHER_TIMING = -0.50  # physics: such an image is not T1-weighted, whatever its name
_NO_CONTRAST_NAMED = -0.50  # outweighs an agent that the scanner kept in the header
_BEFORE_INJECTION = -0.50
_DERIVED = -0.25  # a reformat of the T1-CE is a lesser one than the T1-CE itself: more than `MARGIN`
_BEFORE_TWIN = -0.10

_ORDER = {
    "scan_import.reason_after_perfusion": _AFTER_PERFUSION,
    "scan_import.reason_after_geometry_twin": _AFTER_GEOMETRY_TWIN,
    "scan_import.reason_after_twin": _AFTER_TWIN,
    "scan_import.reason_before_geometry_twin": _BEFORE_TWIN,
    "scan_import.reason_before_twin": _BEFORE_TWIN,
}
_RECORDED = {  # Acquisition Contrast of Enhanced files
    "T1": "T1",
    "T2": "T2",
    "T2_STAR": "susceptibility",
    "PROTON_DENSITY": "proton density",
    "FLUID_ATTENUATED": "FLAIR",
    "STIR": "T2",
    "DIFFUSION": "diffusion",
    "PERFUSION": "perfusion",
    "TOF": "angiography",
    "FLOW_ENCODED": "angiography",
}
_PROJECTED = frozenset("MIP|MINIP|MIN IP|MAX IP|PROJECTION IMAGE|SUBTRACT|SUBTRACTION|SUB".split("|"))
_REFORMATTED = frozenset("MPR|CSA MPR|REFORMATTED|RESAMPLED|CSA RESAMPLED|CURVED MPR".split("|"))

LEAST = 0.60
"""Below this no series is called the T1-CE: signs of T1 and of contrast are both needed to reach it."""

MARGIN = 0.20
"""How far the best must lie above all others to be clearly the best: more than any single weak sign."""

_HOURS_AFTER = 3  # of injection; a time of day further off is of another injection, or wrong
_AROUND_INJECTION_S = 60
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
    """The likelihood of each volume.

    Args:
        headers: one of each volume of a folder; the order of acquisition is compared within each study.
    """
    found = [_of_one(header) for header in headers]
    seen = [acquisition_of(header, one.weighting) for header, one in zip(headers, found, strict=True)]
    return tuple(
        _sum((*one.reasons, *_order(seen, n, one.reasons)), one.weighting) if one.weighting == "T1" else one
        for n, one in enumerate(found)
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
    recorded = _RECORDED.get(_acquisition_contrast(header), "")
    reasons = [*_contrast(header, description)]
    if named == "T1":
        reasons.append(Reason(Message("scan_import.reason_t1_named"), _T1_NAMED))
    elif named:
        reasons.append(Reason(Message("scan_import.reason_other_named", {"kind": named}), _OTHER_NAMED))
    elif recorded == "T1":
        reasons.append(Reason(Message("scan_import.reason_t1_recorded"), _T1_NAMED))
    elif recorded:
        reasons.append(Reason(Message("scan_import.reason_other_recorded", {"kind": recorded}), _OTHER_NAMED))
    reasons.extend(timing)
    sequence, is_other = _sequence(technique)
    reasons.extend(sequence)
    reasons.extend(_derived(header))
    named = named or recorded
    can_be_t1 = timed in ("T1", "") and not is_other
    if named == "T1" and not can_be_t1:
        named = ""
    return _sum(tuple(reasons), named or (timed if timed != "T1" or can_be_t1 else ""))


def _contrast(header: Dataset, description: str) -> list[Reason]:
    reasons = []
    if contrast_agent(header) or (number(header, "ContrastBolusVolume") or 0) > 0:
        reasons.append(Reason(Message("scan_import.reason_agent"), _AGENT_RECORDED))
    given = _contrast_phase(header)
    if given == "YES":
        reasons.append(Reason(Message("scan_import.reason_contrast_phase"), _CONTRAST_PHASE))
    elif given == "NO":
        reasons.append(Reason(Message("scan_import.reason_no_contrast_phase"), _NO_CONTRAST_NAMED))
    injected, acquired = _time_of_day(header, "ContrastBolusStartTime"), acquired_at(header)
    if injected is not None and acquired is not None:
        seconds = acquired.hour * 3600 + acquired.minute * 60 + acquired.second - injected
        if 0 < seconds < _HOURS_AFTER * 3600:
            reasons.append(Reason(Message("scan_import.reason_after_injection"), _AFTER_INJECTION))
        elif -_HOURS_AFTER * 3600 < seconds < -_AROUND_INJECTION_S:
            reasons.append(Reason(Message("scan_import.reason_before_injection"), _BEFORE_INJECTION))
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
    """TR, TE and TI in ms at 1.5 to 3 T: T1, what else it must be, or empty where they don't tell."""
    tr, te, ti = (technique.get(f"{name}_time_ms") for name in ("repetition", "echo", "inversion"))
    shown = ", ".join(f"{name} {value:.4g} ms" for name, value in (("TR", tr), ("TE", te), ("TI", ti)) if value)
    other = [Reason(Message("scan_import.reason_other_timing", {"times": shown}), _OTHER_TIMING)]
    if not te:
        return "", []
    gradient = _is_gradient_echo(technique)
    if (ti or 0) > 1500:  # fluid suppressed
        return "FLAIR", other
    if te > 40:
        suppressed = (ti or 0) > 1000 and (tr or 0) > 3000  # FLAIR at low field, or with a short TR
        return ("FLAIR" if suppressed else "T2*" if gradient else "T2"), other
    # Magnetisation prepared; spoiled gradient echo; spin echo.
    short = te <= (10 if gradient else 30)
    if (ti and ti >= 400 and short) or (tr and tr <= 50 and te <= 10) or (tr and 300 <= tr <= 1200 and short):
        return "T1", [Reason(Message("scan_import.reason_t1_timing", {"times": shown}), _T1_TIMING)]
    if tr and tr > 1500 and not ti and "SE" in technique.get("scanning_sequence", "").split():
        return "proton density", other
    return "", []


def _sequence(technique: dict[str, Any]) -> tuple[list[Reason], bool]:
    """What the sequence says, and whether it can't be T1-weighted."""
    kinds = technique.get("scanning_sequence", "").split()
    if "EP" in kinds or _EPI.match(technique.get("sequence", "").lower()):
        return [Reason(Message("scan_import.reason_epi"), _OTHER_TIMING)], True
    if technique.get("acquisition") == "3D" and _is_gradient_echo(technique):
        return [Reason(Message("scan_import.reason_sequence"), _USUAL_SEQUENCE)], False
    return [], False


def _derived(header: Dataset) -> list[Reason]:
    kinds = set(words(header, "ImageType")) | set(words(_frame_type(header), "FrameType"))
    if kinds & _PROJECTED:
        params = {"kind": "projection or subtraction"}
        return [Reason(Message("scan_import.reason_derived", params), _OTHER_NAMED)]
    if kinds & _REFORMATTED:
        return [Reason(Message("scan_import.reason_derived", {"kind": "reformat"}), _DERIVED)]
    return []


def _order(seen: Sequence[Acquisition], n: int, known: Sequence[Reason]) -> list[Reason]:
    if any(reason.message.id == "scan_import.reason_after_injection" for reason in known):
        return []
    told = told_by_order(seen, n)
    return [Reason(Message(told), _ORDER[told])] if told else []


def _group(header: Dataset, keyword: str) -> Dataset | None:
    """A functional group of the first frame, or of all."""
    first = item(header, "PerFrameFunctionalGroupsSequence")
    return item(first, keyword) or item(item(header, "SharedFunctionalGroupsSequence"), keyword)


def _frame_type(header: Dataset) -> Dataset | None:
    return _group(header, "MRImageFrameTypeSequence")


def _acquisition_contrast(header: Dataset) -> str:
    return (text(_frame_type(header), "AcquisitionContrast") or text(header, "AcquisitionContrast")).upper()


def _contrast_phase(header: Dataset) -> str:
    """YES or NO: whether contrast agent had been given when these frames were acquired."""
    return text(_group(header, "ContrastBolusUsageSequence"), "ContrastBolusAgentAdministered").upper()


def _time_of_day(header: Dataset, keyword: str) -> int | None:
    """Seconds since midnight."""
    digits = re.match(r"(\d\d):?(\d\d):?(\d\d)", text(header, keyword))
    return int(digits[1]) * 3600 + int(digits[2]) * 60 + int(digits[3]) if digits else None


def _is_gradient_echo(technique: dict[str, Any]) -> bool:
    return bool({"GR", "GRADIENT"} & set(technique.get("scanning_sequence", "").split()))


def _sum(reasons: tuple[Reason, ...], weighting: str) -> T1CELikelihood:
    value = sum(reason.weight for reason in reasons)
    return T1CELikelihood(round(min(max(value, 0.0), 1.0), 2), reasons, weighting)
