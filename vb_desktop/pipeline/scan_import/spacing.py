"""Does the distance of the slices by their positions fit what the header says of it?"""

from __future__ import annotations

from pydicom.dataset import Dataset

from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.scan_import.dicom_values import item, number, text

_AGREE = 0.03
_GAP_3D, _GAP_2D = 1.4, 1.8  # of the slice thickness; in 2D a gap of half a slice is usual


def check_slice_distance(header: Dataset, step_mm: float) -> tuple[Message, ...]:
    """What the reader must know where positions and header disagree, as when every second slice was left behind.

    Args:
        header: of the first file.
        step_mm: distance of neighbouring slices by their positions, along their normal.
    """
    between, thickness = _measure(header, "SpacingBetweenSlices"), _measure(header, "SliceThickness")
    if between:
        # Some writers give the gap between the slices for the distance of their centres; it is smaller than a slice.
        is_gap = thickness is not None and between < 0.9 * thickness and _agree(step_mm, thickness + between)
        if is_gap or _agree(step_mm, between):
            return ()
        times = step_mm / between
        if times > 1.5 and _agree(times, round(times)):
            return (_left_out(step_mm, between, round(times)),)
        return (_other(step_mm, between),)
    if not thickness:
        return ()
    times = step_mm / thickness
    if text(header, "MRAcquisitionType").upper() == "3D":
        if times > _GAP_3D:
            return (_left_out(step_mm, thickness, max(2, round(times))),)
        # A 3D sequence may interpolate to thinner slices, mostly to half.
        return (_other(step_mm, thickness),) if times < 0.2 else ()
    if times > _GAP_2D:
        return (Message("scan_import.gap", {"mm": f"{step_mm:.2f}", "thickness": f"{thickness:.2f}"}),)
    return (_other(step_mm, thickness),) if times < 0.2 else ()


def _measure(header: Dataset, keyword: str) -> float | None:
    value = number(header, keyword)
    if value is None:
        value = number(item(item(header, "SharedFunctionalGroupsSequence"), "PixelMeasuresSequence"), keyword)
    if value is None:
        value = number(item(item(header, "PerFrameFunctionalGroupsSequence"), "PixelMeasuresSequence"), keyword)
    return abs(value) if value and abs(value) > 1e-3 else None  # Philips writes a negative distance


def _agree(one: float, other: float) -> bool:
    return abs(one - other) <= _AGREE * max(one, other)


def _left_out(step: float, expected: float, times: int) -> Message:
    return Message("scan_import.slices_left_out", {"mm": f"{step:.2f}", "said": f"{expected:.2f}", "nth": times})


def _other(step: float, said: float) -> Message:
    return Message("scan_import.distance_disagrees", {"mm": f"{step:.2f}", "said": f"{said:.2f}"})
