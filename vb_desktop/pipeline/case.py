"""The values that travel: each stage takes what came before and returns the next. All frozen.

Space, order and units belong to the type. Everything here is in nibabel order (I, J, K) with an affine to RAS+
millimetres; DICOM and ITK conventions (LPS, (K, J, I)) end in `scan_import` and in the files that call ITK.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from vb_desktop.pipeline.messages import Message

CLASSES: tuple[str, ...] = ("glioma", "pcnsl", "germinoma", "other")
"""The paper's four classes, in the order of every probability vector."""

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Volume:
    """A 3D image and where it lies in the patient or in the template.

    Attributes:
        voxels: (I, J, K), nibabel order; float32, or uint8 for a mask.
        affine: float64 (4, 4), voxel index -> RAS+ millimetres (NIfTI).
    """

    voxels: Array
    affine: Array

    def __post_init__(self) -> None:
        if self.voxels.ndim != 3:
            raise ValueError(f"voxels must be (I, J, K), got shape {self.voxels.shape}")
        if self.affine.shape != (4, 4) or abs(np.linalg.det(self.affine[:3, :3])) < 1e-9:
            raise ValueError(f"affine must be an invertible (4, 4) matrix, got {self.affine!r}")

    @property
    def spacing(self) -> tuple[float, float, float]:
        """Length of a voxel edge along I, J, K in millimetres."""
        i, j, k = np.sqrt((self.affine[:3, :3] ** 2).sum(axis=0))
        return float(i), float(j), float(k)

    @property
    def voxel_ml(self) -> float:
        """Volume of a voxel in millilitres; right for sheared grids too."""
        return float(abs(np.linalg.det(self.affine[:3, :3]))) / 1000.0

    def to_mm(self, ijk: Array) -> Array:
        """Voxel indices (N, 3) -> RAS+ millimetres (N, 3)."""
        return np.asarray(ijk, dtype=np.float64) @ self.affine[:3, :3].T + self.affine[:3, 3]

    def to_index(self, xyz: Array) -> Array:
        """RAS+ millimetres (N, 3) -> fractional voxel indices (N, 3)."""
        inverse = np.linalg.inv(self.affine)
        return np.asarray(xyz, dtype=np.float64) @ inverse[:3, :3].T + inverse[:3, 3]

    def like(self, voxels: Array) -> Volume:
        """Other voxels on the same grid."""
        if voxels.shape != self.voxels.shape:
            raise ValueError(f"voxels must have shape {self.voxels.shape}, got {voxels.shape}")
        return Volume(voxels, self.affine)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the scan is of, exactly as read; kept apart from everything else (`patient.json`). Empty text = not known.

    Dates are ISO (YYYY-MM-DD) where they could be read, age in years at the study.
    """

    name: str = ""
    patient_id: str = ""
    birth_date: str = ""
    sex: str = ""
    age: str = ""
    study_date: str = ""
    study_description: str = ""
    series_description: str = ""
    accession_number: str = ""
    institution: str = ""
    reader: str = ""
    indication: str = ""

    @property
    def years(self) -> float | None:
        """The age as a number; None where it is not known."""
        try:
            return float(self.age.strip().rstrip("Yy"))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scan:
    """A scan as imported: native space, closest canonical RAS, identity kept apart.

    Attributes:
        volume: float32 voxels as the scanner's values after rescale; affine of the (possibly oblique) native grid.
        identity: as read; empty for most NIfTI.
        kind: "nifti" or "dicom".
        technique: what is known of the acquisition, without identity: e.g. modality, manufacturer, field_strength_t,
            sequence, repetition_time_ms, echo_time_ms, inversion_time_ms, contrast_agent, slice_thickness_mm. Only
            keys that were read.
        remarks: what the reader of the report must know of the import (e.g. qform against sform).
        source_dicom: enough to export without the source files (`source_dicom.json`, identity-bearing); None for NIfTI.
        synthetic: the case says of itself that a program drew it.
    """

    volume: Volume
    identity: Identity = field(default_factory=Identity)
    kind: str = "nifti"
    technique: dict[str, Any] = field(default_factory=dict)
    remarks: tuple[Message, ...] = ()
    source_dicom: dict[str, Any] | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Transforms:
    """The way between native space and template space, both directions (ANTs files in one folder).

    A file of an empty list means that the two spaces are the same up to the grid (input already in MNI space).

    Attributes:
        folder: where the files lie.
        forward: names of the files that carry the native image to the template, in ANTs order.
        inverse: names of the files that carry a template image back to native space, in ANTs order.
        inverse_inverted: for each inverse file, whether ANTs has to invert it (true for the affine).
    """

    folder: Path
    forward: tuple[str, ...] = ()
    inverse: tuple[str, ...] = ()
    inverse_inverted: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ProcessedScan:
    """The scan standardised (Eq. 1): brain only, N4, MNI template space, z-score in the brain; with the way back.

    Attributes:
        volume: float32 on the template's grid; mean 0, standard deviation 1 inside `mask`, 0 outside.
        mask: uint8 brain mask on the template's grid.
        native_mask: uint8 brain mask on the scan's grid.
        native_grid: the scan's own volume: the grid that results are brought back to.
        transforms: both directions.
        seconds: how long each step took (skull_stripping, bias_field, registration, ...); steps left out are absent.
        remarks: what speaks against trusting it, beside the quality gates.
        made_with: what the machine chose where a setting says "auto" (device, precision).
    """

    volume: Volume
    mask: Volume
    native_mask: Volume
    native_grid: Volume
    transforms: Transforms
    seconds: dict[str, float] = field(default_factory=dict)
    remarks: tuple[Message, ...] = ()
    made_with: dict[str, str] = field(default_factory=dict)

    def to_native(self, volume: Volume, interpolation: str = "linear") -> Volume:
        """Bring a template-space volume back to the scan's grid.

        Args:
            volume: template space.
            interpolation: "linear" or "nearest".

        Returns:
            float32 voxels on the grid of `native_grid`; 0 where the template does not reach.
        """
        from vb_desktop.pipeline.mri_processor.way_back import to_native

        return to_native(self.transforms, volume, self.native_grid, interpolation)

    def points_to_native(self, xyz: Array) -> Array:
        """Template points (N, 3), RAS+ mm -> native points (N, 3), RAS+ mm."""
        from vb_desktop.pipeline.mri_processor.way_back import points_to_native

        return points_to_native(self.transforms, xyz)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A tumour box on one axial slice of the ProcessedScan: half open, i0 <= i < i1 (right), j0 <= j < j1 (anterior).

    Attributes:
        k: slice index, superior is up.
        i0: first voxel to the left end.
        i1: one past the last voxel.
        j0: first voxel to the posterior end.
        j1: one past the last voxel.
        confidence: in [0, 1], as the source gives it.
        source: "qwen3-vl", "openai", "builtin" or "reader".
        text: the source's own words for the slice.
        author: who drew or changed it (pseudonym), for a reader's box.
        time: ISO time of a reader's box.
        edits: id of the box that it replaces, for a reader's box.
    """

    k: int
    i0: int
    i1: int
    j0: int
    j1: int
    confidence: float
    source: str
    text: str = ""
    author: str = ""
    time: str = ""
    edits: str | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.i0 < self.i1 and 0 <= self.j0 < self.j1 and self.k >= 0):
            raise ValueError(f"a box needs 0 <= i0 < i1, 0 <= j0 < j1 and k >= 0, got {self}")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence must be in [0, 1], got {self.confidence}")


@dataclass(frozen=True, slots=True, eq=False)
class CoarsePrior:
    """Boxes stacked, smoothed and dilated (Eq. 4): float32 in [0, 1], template space."""

    volume: Volume


@dataclass(frozen=True, slots=True, eq=False)
class RefinedPrior:
    """Union of the coarse prior with the voxel-wise MLP (Eq. 5): float32 in [0, 1], template space.

    Attributes:
        volume: the refined prior; the localised region is where it is > 0.5.
        mlp: what the MLP alone says, same space.
        tau: the threshold that was really used for the positives (it adapts).
    """

    volume: Volume
    mlp: Volume
    tau: float


@dataclass(frozen=True, slots=True)
class Grade:
    """How far a piece of evidence can be trusted.

    Attributes:
        id: of the question, e.g. "unsteady".
        state: "good", "doubtful" or "poor".
        value: what was measured; None where it could not be.
        threshold: from which on it is good.
        message: the answer as a sentence.
    """

    id: str
    state: Literal["good", "doubtful", "poor"]
    value: float | None
    threshold: float | None
    message: Message


@dataclass(frozen=True, slots=True, eq=False)
class Localization:
    """What the Tumor-Localizer found. Without a box there is no prior: "no tumour found" is a result.

    Attributes:
        boxes: sorted by k.
        coarse_prior: None without boxes.
        refined_prior: None without boxes.
        slices_looked_at: how many axial slices were shown to the backend.
        remarks: what speaks against trusting the boxes.
        seconds: how long each step took (boxes, coarse_prior, refined_prior).
        grades: of boxes and priors, good ones too.
    """

    boxes: tuple[Box, ...]
    coarse_prior: CoarsePrior | None
    refined_prior: RefinedPrior | None
    slices_looked_at: int
    remarks: tuple[Message, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    grades: tuple[Grade, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Diagnosis:
    """What the Adaptive-Diagnoser says (Eq. 6-9), with its evidence and its doubt.

    Attributes:
        probabilities: class -> probability (calibrated where the model has a temperature), sums to 1.
        set90: classes of the 90 % prediction set (split conformal), most probable first.
        abstain: the model can't decide (the set has more than one class, or the case is out of distribution).
        ood: how far from the training data: {"score", "threshold", "state": "in|out|not_assessed" of the features'
            distance, "outside": measures beyond what training saw, None where not assessed}.
        grad_cam: class -> float32 in [0, 1], template space.
        cam_in_prior: class -> share of the Grad-CAM's mass inside refined prior > 0.5.
        model: card of the model that spoke.
        remarks: what speaks against trusting it.
        seconds: how long each step took (diagnosis, grad_cam, views).
        grades: how far it can be trusted, question by question (calibration, set90, distance, measures, spread,
            grad_cam, intended_use), good answers too.
        spread: over mirrored and moved copies: {"copies", "others": with another class, "deviation": {class: of its
            probability}}.
        cam: how `grad_cam` was made: {"method", "layer", "cell_mm": edge of a cell of the map}.
    """

    probabilities: dict[str, float]
    set90: tuple[str, ...]
    abstain: bool
    ood: dict[str, Any]
    grad_cam: dict[str, Volume]
    cam_in_prior: dict[str, float]
    model: dict[str, Any]
    remarks: tuple[Message, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    grades: tuple[Grade, ...] = ()
    spread: dict[str, Any] = field(default_factory=dict)
    cam: dict[str, Any] = field(default_factory=dict)
