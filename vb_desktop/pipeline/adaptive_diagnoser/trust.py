"""How far a diagnosis can be trusted: one grade, with its sentence, for each question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from vb_desktop.pipeline.adaptive_diagnoser.case_measures import outside
from vb_desktop.pipeline.adaptive_diagnoser.training_reference import Reference
from vb_desktop.pipeline.adaptive_diagnoser.views import Spread
from vb_desktop.pipeline.case import CLASSES, Grade
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.model_card import Calibration, OutOfDistribution

Array = npt.NDArray[Any]
NAMES = {"glioma": "glioma", "pcnsl": "PCNSL", "germinoma": "germinoma", "other": "other"}
LARGEST_DEVIATION = 0.1
"""Of the leading probability over the copies of a case, up to which it is called steady."""
LEAST_FOCUS = 1.5
"""How many times as much of a Grad-CAM's mass as of an even map's must lie in the region or within a cell of it."""


def of_calibration(calibration: Calibration | None) -> Grade:
    """Were the probabilities scaled on held-out cases?"""
    if calibration is None:
        return Grade("calibration", "poor", None, None, Message("diagnosis.not_calibrated"))
    said = Message("diagnosis.calibrated", {"temperature": calibration.temperature, "cases": calibration.cases})
    return Grade("calibration", "good", calibration.temperature, None, said)


def of_set(set90: Sequence[int]) -> Grade:
    """Does the 90 % prediction set hold one class?"""
    names = ", ".join(NAMES[CLASSES[k]] for k in set90)
    if len(set90) > 1:
        return Grade("set90", "doubtful", len(set90), 1, Message("diagnosis.undecided", {"classes": names}))
    return Grade("set90", "good", len(set90), 1, Message("diagnosis.decided", {"classes": names}))


def of_distance(reference: Reference | None, card: OutOfDistribution | None, embedding: Array) -> Grade:
    """Do the features lie where those of the training cases do? `embedding` (1, E)."""
    if reference is None or card is None:
        return Grade("distance", "doubtful", None, None, Message("diagnosis.ood_not_assessed"))
    score = float(reference.distance(embedding)[0])
    figures = {"score": score, "threshold": card.threshold}
    if score > card.threshold:
        return Grade("distance", "poor", score, card.threshold, Message("diagnosis.outside_training", figures))
    return Grade("distance", "good", score, card.threshold, Message("diagnosis.inside_training", figures))


def of_measures(card: OutOfDistribution | None, measures: Mapping[str, float]) -> list[Grade]:
    """Is what the network is given of the kind that training saw? One grade for each measure outside, else one."""
    if card is None or not card.ranges:
        return [Grade("measures", "doubtful", None, None, Message("diagnosis.measures_not_assessed"))]
    away = outside(measures, card.ranges)
    grades = []
    for message in away:
        value, low, high = (float(message.params[key]) for key in ("value", "low", "high"))
        name = message.id.removeprefix("diagnosis.outside.")
        grades.append(Grade(name, "poor", value, low if value < low else high, message))
    if not grades:
        grades.append(Grade("measures", "good", None, None, Message("diagnosis.measures_inside")))
    return grades


def of_spread(found: Spread, top: int) -> Grade:
    """Does the answer stay when the case is mirrored and moved by a voxel?"""
    deviation = float(found.deviation[top])
    said = {"name": NAMES[CLASSES[top]], "deviation": deviation, "others": found.others, "copies": found.copies}
    if found.others:
        return Grade("spread", "poor", deviation, LARGEST_DEVIATION, Message("diagnosis.unsteady_class", said))
    if deviation > LARGEST_DEVIATION:
        return Grade("spread", "doubtful", deviation, LARGEST_DEVIATION, Message("diagnosis.unsteady", said))
    return Grade("spread", "good", deviation, LARGEST_DEVIATION, Message("diagnosis.steady", said))


def of_cam(top: int, share: float | None, even: float, cell_mm: float) -> Grade:
    """Does the Grad-CAM of the most probable class gather where the tumour is?

    Eq. 9 pools the whole brain beside the attended features, so some of every map lies elsewhere.

    Args:
        top: the class.
        share: of the map's mass in the region or within a cell of it; None for an empty map.
        even: the same of a map that is even over the brain.
        cell_mm: edge of a cell.
    """
    name = NAMES[CLASSES[top]]
    if share is None:
        return Grade("grad_cam", "doubtful", None, LEAST_FOCUS, Message("diagnosis.cam_empty", {"name": name}))
    said = {"name": name, "share": share, "even": even, "cell_mm": cell_mm}
    focus = share / max(even, 1e-6)
    if focus < LEAST_FOCUS:
        return Grade("grad_cam", "doubtful", focus, LEAST_FOCUS, Message("diagnosis.cam_not_focused", said))
    return Grade("grad_cam", "good", focus, LEAST_FOCUS, Message("diagnosis.cam_inside", said))


def of_intended_use(remarks: Sequence[Message]) -> Grade:
    """Is the case one that the method was made for? `remarks` of `intended_use_remarks`."""
    departures = [message for message in remarks if message.id != "diagnosis.intended_use"]
    if departures:
        return Grade("intended_use", "doubtful", len(departures), 0, departures[0])
    return Grade("intended_use", "good", 0, 0, Message("diagnosis.within_use"))


def abstains(set90: Sequence[int], distance: Grade, measures: Sequence[Grade]) -> bool:
    """More than one class is left, or the case is unlike the training cases."""
    return len(set90) > 1 or distance.state == "poor" or any(grade.state == "poor" for grade in measures)


def share_inside(cam: Array, region: Array) -> float:
    """Share of a map's mass inside a region, in [0, 1]; 0 for an empty map."""
    total = float(cam.sum(dtype=np.float64))
    return float(cam[region].sum(dtype=np.float64)) / total if total > 0 else 0.0
