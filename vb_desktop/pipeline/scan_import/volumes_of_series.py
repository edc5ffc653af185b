"""The volumes of one series: echoes, time points, magnitude and phase, and directions, each apart from the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

from vb_desktop.pipeline.scan_import.dicom_frame import Frame
from vb_desktop.pipeline.scan_import.frame_traits import Traits
from vb_desktop.pipeline.scan_import.plane import plane_of

Member: TypeAlias = tuple[Frame, Traits]

_ANOTHER_DIRECTION_DEGREES = 10.0
_WHOLE = 0.9  # of the places; a dynamic series may have been ended within its last time point
_MOST_REPEATS = 200
_COMPONENT_ORDER = ("magnitude", "phase", "real", "imaginary")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One volume of a series.

    Attributes:
        frames: its frames.
        traits: of its first frame.
        label: what sets it apart from the others of the series, in plain words; empty where it is the only one.
        mixed: the series holds slices of other directions too.
    """

    frames: tuple[Frame, ...]
    traits: Traits
    label: str
    mixed: bool


def split_volumes(members: Sequence[Member]) -> tuple[Part, ...]:
    """Split the frames of a series into volumes, in a lasting order.

    Frames are split by what their headers say, never by guess: where nothing tells several images of one place apart,
    they stay together.

    Args:
        members: frames with their traits, at least one.
    """
    parts: list[Part] = []
    directions = _by_direction(members)
    for direction in directions:
        plane = plane_of([frame.orientation for frame, _ in direction]) if len(directions) > 1 else ""
        components = _grouped(direction, lambda member: member[1].component)
        for component in sorted(components, key=_COMPONENT_ORDER.index):
            name = f"{component} images" if len(components) > 1 else ""
            for repeat, label in _apart(components[component]):
                frames = tuple(frame for frame, _ in repeat)
                parts.append(Part(frames, repeat[0][1], _join(plane, name, label), len(directions) > 1))
    return tuple(parts)


def _apart(members: list[Member]) -> list[tuple[list[Member], str]]:
    """Split until no place is shown twice, or nothing tells the images apart."""
    most = _most_at_one_place(members)
    places = len({_place(frame) for frame, _ in members})
    if most == 1 or places == 1:  # no volume in either case where all show one place
        return [(members, "")]
    for name, say in _TOLD_BY:
        groups = _grouped(members, lambda member, name=name: getattr(member[1], name))  # type: ignore[misc]
        if len(groups) < 2 or max(map(_most_at_one_place, groups.values())) >= most:
            continue
        whole = sum(len({_place(frame) for frame, _ in group}) >= _WHOLE * places for group in groups.values())
        if 2 * whole < len(groups):  # it changes from slice to slice
            continue
        split = []
        for n, value in enumerate(sorted(groups, key=_sortable), start=1):
            label = say(value, n, len(groups))
            split += [(group, _join(label, below)) for group, below in _apart(groups[value])]
        return split
    return _in_turn(members, most) or [(members, "")]


def _in_turn(members: list[Member], most: int) -> list[tuple[list[Member], str]]:
    """The n-th image of every place, if each has as many and they are numbered by place or by volume."""
    at: dict[Any, list[Member]] = {}
    for member in members:
        at.setdefault(_place(member[0]), []).append(member)
    if most > _MOST_REPEATS or {len(group) for group in at.values()} != {most} or len(at) < 2:
        return []
    if any(traits.instance_number is None for _, traits in members):
        return []
    turns: list[list[Member]] = [[] for _ in range(most)]
    for group in at.values():
        for turn, member in zip(turns, sorted(group, key=lambda one: one[1].instance_number or 0.0), strict=True):
            turn.append(member)
    numbers = [[traits.instance_number or 0.0 for _, traits in turn] for turn in turns]
    volume_by_volume = all(max(one) < min(other) for one, other in pairwise(numbers))
    steps = np.diff(np.array(numbers), axis=0)
    place_by_place = bool((steps == 1).all())
    if not (volume_by_volume or place_by_place):
        return []
    return [(turn, f"repeat {n} of {most}") for n, turn in enumerate(turns, start=1)]


def _by_direction(members: Sequence[Member]) -> list[list[Member]]:
    """Frames whose slices lie in other directions apart; those without a direction stay with the first ones."""
    found: list[tuple[Any, list[Member]]] = []
    cache: dict[Any, list[Member]] = {}
    limit = np.cos(np.radians(_ANOTHER_DIRECTION_DEGREES))
    for member in members:
        given = member[0].orientation
        if given not in cache:
            normal = _normal(given)
            near = (group for one, group in found if one is None or normal is None or abs(one @ normal) >= limit)
            group = next(near, None)
            if group is None:
                group = []
                found.append((normal, group))
            cache[given] = group
        cache[given].append(member)
    return [group for _, group in found]


def _normal(orientation: tuple[float, ...] | None) -> Any:
    if orientation is None:
        return None
    normal = np.cross(orientation[:3], orientation[3:])
    length = float(np.linalg.norm(normal))
    return normal / length if length > 1e-6 else None


def _grouped(members: Sequence[Member], key: Callable[[Member], Any]) -> dict[Any, list[Member]]:
    groups: dict[Any, list[Member]] = {}
    for member in members:
        groups.setdefault(key(member), []).append(member)
    return groups


def _most_at_one_place(members: Sequence[Member]) -> int:
    counts = Counter(_place(frame) for frame, _ in members)
    counts.pop(None, None)
    return max(counts.values(), default=1)


def _place(frame: Frame) -> tuple[float, ...] | None:
    return None if frame.position is None else tuple(round(x, 1) for x in frame.position)


def _sortable(value: Any) -> tuple[bool, Any]:
    return value is None, value if value is not None else 0


def _join(*labels: str) -> str:
    return ", ".join(label for label in labels if label)


def _type_words(value: tuple[str, ...], n: int, of: int) -> str:
    return f"image type {' '.join(value) or 'not given'}"


def _counted(name: str, unit: str = "") -> Callable[[Any, int, int], str]:
    def say(value: Any, n: int, of: int) -> str:
        given = f" ({unit.format(value)})" if unit and value is not None else ""
        return f"{name} {n} of {of}{given}"

    return say


_TOLD_BY: tuple[tuple[str, Callable[[Any, int, int], str]], ...] = (
    ("echo_time_ms", _counted("echo", "TE {:g} ms")),
    ("echo_number", _counted("echo")),
    ("inversion_time_ms", _counted("inversion", "TI {:g} ms")),
    ("b_value", _counted("diffusion weighting", "b {:g} s/mm2")),
    ("flip_angle_deg", _counted("flip angle", "{:g} degrees")),
    ("contrast_given", _counted("contrast phase", "contrast agent given: {}")),
    ("temporal_position", _counted("time point")),
    ("image_type", _type_words),
    ("stack", _counted("stack")),
    ("trigger_time_ms", _counted("time point", "{:g} ms")),
    ("acquisition_number", _counted("acquisition")),
    ("acquired", _counted("time point")),
)
