"""The structures of the brain that a location is told in, and the labels of the atlas that each is made of.

Labels are those of FreeSurfer's aparc+aseg (Desikan-Killiany, Desikan 2006; Fischl 2002).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["left", "right", "middle"]

LOBES: tuple[str, ...] = ("frontal_lobe", "parietal_lobe", "temporal_lobe", "occipital_lobe", "insula", "cingulate")
DEEP_WHITE = "deep_white_matter"
VENTRICLES: tuple[str, ...] = ("lateral_ventricle", "third_ventricle", "fourth_ventricle")


@dataclass(frozen=True, slots=True)
class Structure:
    """A structure on one side.

    Attributes:
        code: in `assets/atlas/structures.nii.gz`.
        id: of the structure, e.g. "thalamus"; its name is the sentence `report.structure.<id>`.
        side: of the patient.
        lobe: what its share is told as; its own id where it is no gyrus.
        labels: of the atlas; empty where it is made from others.
    """

    code: int
    id: str
    side: Side
    lobe: str
    labels: tuple[int, ...]


_GYRI: dict[str, tuple[str, tuple[int, ...]]] = {
    "motor_cortex": ("frontal_lobe", (24, 17)),  # precentral gyrus, paracentral lobule
    "broca_area": ("frontal_lobe", (18, 20)),  # pars opercularis, pars triangularis
    "frontal_cortex": ("frontal_lobe", (3, 12, 14, 19, 27, 28, 32)),
    "sensory_cortex": ("parietal_lobe", (22,)),
    "parietal_cortex": ("parietal_lobe", (8, 25, 29, 31)),
    "wernicke_area": ("temporal_lobe", (1,)),  # bank of the superior temporal sulcus, and the gyrus' posterior part
    "temporal_cortex": ("temporal_lobe", (6, 7, 9, 15, 16, 30, 33, 34)),
    "visual_cortex": ("occipital_lobe", (21,)),
    "occipital_cortex": ("occipital_lobe", (5, 11, 13)),
    "insular_cortex": ("insula", (35,)),
    "cingulate_cortex": ("cingulate", (2, 10, 23, 26)),
}
_DEEP: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    "thalamus": ((10,), (49,)),
    "caudate": ((11,), (50,)),
    "putamen": ((12,), (51,)),
    "pallidum": ((13,), (52,)),
    "accumbens": ((26,), (58,)),
    "hippocampus": ((17,), (53,)),
    "amygdala": ((18,), (54,)),
    "ventral_diencephalon": ((28,), (60,)),
    "cerebellum": ((7, 8), (46, 47)),
    "lateral_ventricle": ((4, 5, 31), (43, 44, 63)),
}
_MIDDLE: dict[str, tuple[int, ...]] = {
    "third_ventricle": (14,),
    "fourth_ventricle": (15,),
    "brainstem": (16,),
    "optic_chiasm": (85,),
    "corpus_callosum": (251, 252, 253, 254, 255),
}


def _structures() -> tuple[Structure, ...]:
    found: list[Structure] = []

    def add(id_: str, side: Side, lobe: str, labels: tuple[int, ...]) -> None:
        found.append(Structure(len(found) + 1, id_, side, lobe, labels))

    sides: tuple[tuple[Side, int, int], ...] = (("left", 0, 1000), ("right", 1, 2000))
    for side, at, base in sides:
        for id_, (lobe, parts) in _GYRI.items():
            add(id_, side, lobe, tuple(base + part for part in parts))
        for lobe in LOBES:
            add(f"{lobe}_white", side, lobe, ())
        for id_, both in _DEEP.items():
            add(id_, side, id_, both[at])
        add(DEEP_WHITE, side, DEEP_WHITE, ())
    for id_, labels in _MIDDLE.items():
        add(id_, "middle", id_, labels)
    return tuple(found)


STRUCTURES = _structures()
BY_CODE: dict[int, Structure] = {structure.code: structure for structure in STRUCTURES}


def codes_of(*ids: str) -> tuple[int, ...]:
    """Codes of structures, both sides."""
    return tuple(structure.code for structure in STRUCTURES if structure.id in ids)
