"""`model.json`: what a model is, what it was trained on, how good it was there, and the hash of its weights."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


def _inside_the_folder(name: str) -> str:
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise ValueError("must be a path inside the model's folder")
    return name


def _safetensors(name: str) -> str:
    if not name.endswith(".safetensors"):
        raise ValueError("must be a .safetensors file; nothing else is read")
    return name


InsideFolder = Annotated[str, AfterValidator(_inside_the_folder)]


class CardPart(BaseModel):
    """Base of the parts: frozen, nothing unknown is let in."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Weights(CardPart):
    """The file with the numbers."""

    file: Annotated[InsideFolder, AfterValidator(_safetensors)] = "weights.safetensors"
    sha256: Sha256
    dtype: str = Field(description="as stored; computing is done in float32")
    parameters: int = Field(ge=0)


class TrainingData(CardPart):
    """What it learned from."""

    description: str
    cases: int = Field(ge=0)
    per_class: dict[str, int] = {}
    sha256: Sha256 = Field(description="of the content of the training cases")
    case_sha256: dict[str, Sha256] = Field(default={}, description="real case -> hash of its image file")
    licence: str


class GridCard(CardPart):
    """The grid the network sees: MNI152, RAS+."""

    shape: tuple[int, int, int]
    spacing_mm: float = Field(gt=0)
    origin_mm: tuple[float, float, float]


class Architecture(CardPart):
    """How to build the network."""

    backbone: str = Field(description="plug-in of the kind backbones")
    backbone_options: dict[str, Any] = {}
    head_options: dict[str, Any] = {}
    localization: Literal["none", "coarse", "refined"] = Field(
        default="refined", description="the prior that the network was trained with"
    )
    mca: bool = Field(default=True, description="with Masked Channel Attention; else the prior weighs the volume")


class Metric(CardPart):
    """One figure, never without its n and what it was measured on."""

    name: str
    value: float
    n: int = Field(ge=0)
    low: float | None = Field(default=None, description="lower end of the 95 % interval")
    high: float | None = Field(default=None, description="upper end of the 95 % interval")
    data: str


class Calibration(CardPart):
    """Learned on held-out cases after training."""

    temperature: float = Field(default=1.0, gt=0)
    quantile90: float = Field(
        ge=0, le=1, description="split conformal: a class is in the 90 % set when 1 - its probability is not above this"
    )
    cases: int = Field(ge=0)
    data: str


class OutOfDistribution(CardPart):
    """Distance of the pooled features from the training data, and gates on what the network is given."""

    threshold: float = Field(ge=0, description="99th percentile of held-out cases")
    cases: int = Field(ge=0)
    description: str
    ranges: dict[str, tuple[float, float]] = Field(
        default={}, description="measure of a case (see case_measures) -> lowest and highest that counts as seen"
    )


class DetectorCard(CardPart):
    """From a slice detector's probabilities to boxes with a confidence; chosen on out-of-fold predictions."""

    networks: int = Field(default=1, ge=1, description="networks whose probabilities are averaged")
    threshold: float = Field(gt=0, lt=1, description="probability above which a voxel belongs to a region")
    least_height_mm: float = Field(default=6.0, ge=0, description="regions on fewer slices are left out")
    least_confidence: float = Field(ge=0, le=1, description="regions below are left out")
    intercept: float = Field(default=0.0, description="of the logistic calibration of a region's confidence")
    weights_of: dict[str, float] = Field(default={}, description="feature of a region -> weight of the calibration")
    data: str = Field(default="", description="what threshold and calibration were chosen on")


class ModelCard(CardPart):
    """The whole of `model.json`."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    name: str = Field(min_length=1)
    kind: Literal["diagnoser", "localizer"]
    version: str
    description: str
    intended_use: str
    synthetic: bool = Field(description="trained on cases that a program drew: a demonstration model")
    classes: tuple[str, ...]
    architecture: Architecture
    input_grid: GridCard
    training_data: TrainingData
    recipe: dict[str, Any] = Field(default={}, description="settings of the training")
    deviations: list[str] = Field(default=[], description="where the training left the paper's recipe")
    metrics: list[Metric] = []
    known_limits: list[str] = Field(default=[], description="what was seen to go wrong, with n")
    calibration: Calibration | None = None
    detector: DetectorCard | None = None
    out_of_distribution: OutOfDistribution | None = None
    licence: str
    licence_file: InsideFolder | None = None
    weights: Weights
    created: datetime
