"""What tells the images of one series apart that show the same place: echo, time point, magnitude or phase."""

from __future__ import annotations

from dataclasses import dataclass, fields

from pydicom.dataset import Dataset

from vb_desktop.pipeline.scan_import.dicom_values import item, number, text, words

_COMPONENTS = (
    ("phase", frozenset({"P", "PHASE", "PHASE MAP"})),
    ("real", frozenset({"R", "REAL"})),
    ("imaginary", frozenset({"I", "IMAGINARY"})),
)
_MAGNITUDE = frozenset({"M", "MAGNITUDE"})


@dataclass(frozen=True, slots=True)
class Traits:
    """Of one frame; None or empty where the header says nothing.

    Attributes:
        component: magnitude, phase, real or imaginary; magnitude where it isn't said.
        image_type: Image Type or Frame Type without its first two values.
        echo_number: Echo Number(s).
        echo_time_ms: Echo Time.
        inversion_time_ms: Inversion Time.
        flip_angle_deg: Flip Angle.
        b_value: of diffusion, s/mm2.
        contrast_given: YES or NO, from the Contrast/Bolus Usage Sequence of Enhanced files.
        temporal_position: number of the time point.
        trigger_time_ms: delay after the heart beat, or after the start of a dynamic series.
        stack: Stack ID of Enhanced files.
        acquisition_number: Acquisition Number.
        acquired: date and time as written; sorts in time within a series.
        instance_number: Instance Number, or the number of the frame.
    """

    component: str
    image_type: tuple[str, ...]
    echo_number: float | None
    echo_time_ms: float | None
    inversion_time_ms: float | None
    flip_angle_deg: float | None
    b_value: float | None
    contrast_given: str
    temporal_position: float | None
    trigger_time_ms: float | None
    stack: str
    acquisition_number: float | None
    acquired: str
    instance_number: float | None

    @property
    def kind(self) -> tuple[object, ...]:
        """All but when and as which image it was taken."""
        return tuple(getattr(self, one.name) for one in fields(self)[:-2])


def traits_of(header: Dataset, count: int) -> tuple[Traits, ...]:
    """The traits of the frames of one file.

    Args:
        header: data set read without its pixels.
        count: how many frames it has.
    """
    described = header.get("PerFrameFunctionalGroupsSequence")
    shared = item(header, "SharedFunctionalGroupsSequence")
    if not described and shared is None:
        one = _classic(header)
        return (one,) * count
    return tuple(
        _enhanced(header, shared, described[n] if described and n < len(described) else None, n + 1)
        for n in range(count)
    )


def _classic(header: Dataset) -> Traits:
    image_type = words(header, "ImageType")
    return Traits(
        component=_component(image_type, text(header, "ComplexImageComponent")),
        image_type=image_type[2:],
        echo_number=number(header, "EchoNumbers"),
        echo_time_ms=_rounded(number(header, "EchoTime")),
        inversion_time_ms=_rounded(number(header, "InversionTime")),
        flip_angle_deg=_rounded(number(header, "FlipAngle")),
        b_value=_rounded(number(header, "DiffusionBValue")),
        contrast_given="",
        temporal_position=number(header, "TemporalPositionIdentifier"),
        trigger_time_ms=_rounded(number(header, "TriggerTime")),
        stack="",
        acquisition_number=number(header, "AcquisitionNumber"),
        acquired=text(header, "AcquisitionDateTime")
        or text(header, "AcquisitionDate") + (text(header, "AcquisitionTime") or text(header, "ContentTime")),
        instance_number=number(header, "InstanceNumber"),
    )


def _enhanced(header: Dataset, shared: Dataset | None, own: Dataset | None, n: int) -> Traits:
    def group(keyword: str) -> Dataset | None:
        return item(own, keyword) or item(shared, keyword)

    kind, content = group("MRImageFrameTypeSequence"), group("FrameContentSequence")
    image_type = words(kind, "FrameType") or words(header, "ImageType")
    component = text(kind, "ComplexImageComponent") or text(header, "ComplexImageComponent")
    point = number(content, "TemporalPositionIndex")
    return Traits(
        component=_component(image_type, component),
        image_type=image_type[2:],
        echo_number=None,
        echo_time_ms=_rounded(number(group("MREchoSequence"), "EffectiveEchoTime")),
        inversion_time_ms=_rounded(number(group("MRModifierSequence"), "InversionTimes")),
        flip_angle_deg=_rounded(number(group("MRTimingAndRelatedParametersSequence"), "FlipAngle")),
        b_value=_rounded(number(group("MRDiffusionSequence"), "DiffusionBValue")),
        contrast_given=text(group("ContrastBolusUsageSequence"), "ContrastBolusAgentAdministered").upper(),
        temporal_position=point,
        trigger_time_ms=_rounded(number(group("CardiacSynchronizationSequence"), "NominalCardiacTriggerDelayTime")),
        stack=text(content, "StackID"),
        acquisition_number=number(content, "FrameAcquisitionNumber"),
        acquired=text(content, "FrameAcquisitionDateTime") or text(header, "AcquisitionDateTime"),
        instance_number=float(n),
    )


def _component(image_type: tuple[str, ...], said: str) -> str:
    given = [*image_type[2:], said.strip().upper()]
    written = {part for word in given for part in (word, *word.split("_"))}  # Philips writes M_FFE, SW_P_FFE
    if written & _MAGNITUDE:
        return "magnitude"
    return next((name for name, kinds in _COMPONENTS if written & kinds), "magnitude")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
