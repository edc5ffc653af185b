"""`case.json`: what was done and found, without identity. Its JSON Schema is `assets/case.schema.json`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from vb_desktop.pipeline.case import Box, Grade
from vb_desktop.pipeline.messages import Message, say

SCHEMA = 1
NO_TIME = datetime(1900, 1, 1, tzinfo=UTC)
"""Time of a case whose identity, dates among it, was taken out."""
Status = Literal["done", "no_tumour_found", "withheld", "partial"]
Point = tuple[float, float, float]


class Record(BaseModel):
    """Base of the parts: frozen, nothing unknown is let in."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class MessageRecord(Record):
    """A sentence to be said in the reader's language."""

    id: str
    params: dict[str, Any] = {}

    @classmethod
    def of(cls, message: Message) -> MessageRecord:
        """From the message itself."""
        return cls(id=message.id, params=message.params)

    def say(self, language: str = "en") -> str:
        """In words."""
        return say(Message(self.id, self.params), language)


class ProvenanceRecord(Record):
    """With what the result was made."""

    version: str
    packages: dict[str, str]
    models: dict[str, str] = Field(description="name -> sha256 of the weights")
    template: str
    demo_model: bool = Field(description="the diagnoser was trained on synthetic cases")


class StageRecord(Record):
    """How a stage ended."""

    state: Literal["done", "cached", "skipped", "failed"]
    seconds: float = Field(ge=0)
    inputs: str = Field(description="sha256 of the content, settings and models that went in")
    parts: dict[str, float] = Field(default={}, description="seconds of the steps inside the stage")
    files: dict[str, str] = Field(
        default={}, description="file that it wrote -> sha256; empty text for identity-bearing files"
    )
    remarks: list[MessageRecord] = Field(default=[], description="what the stage had to say; all are in `remarks` too")
    made_with: dict[str, str] = Field(
        default={}, description="what the machine chose where a setting says auto, e.g. device and precision"
    )


class GateRecord(Record):
    """A quality gate: red withholds the diagnosis until somebody accepts it by name."""

    id: str
    state: Literal["green", "amber", "red"]
    value: float | None
    threshold: float | None
    message: MessageRecord
    accepted_by: str | None = None


class GradeRecord(Record):
    """How far a piece of the localisation's evidence can be trusted; it withholds nothing."""

    id: str
    state: Literal["good", "doubtful", "poor"]
    value: float | None
    threshold: float | None
    message: MessageRecord

    @classmethod
    def of(cls, grade: Grade) -> GradeRecord:
        """From the pipeline's value."""
        message = MessageRecord.of(grade.message)
        return cls(id=grade.id, state=grade.state, value=grade.value, threshold=grade.threshold, message=message)


class BoxRecord(Record):
    """A box of `processed.nii.gz` (half-open voxel ranges; i right, j anterior, k superior)."""

    id: str = ""
    k: int
    i0: int
    i1: int
    j0: int
    j1: int
    confidence: float = Field(ge=0, le=1)
    source: Literal["qwen3-vl", "openai", "builtin", "reader"]
    native_corners_mm: tuple[Point, Point, Point, Point] = Field(description="RAS+ mm in the scan's own space")
    text: str = ""
    author: str = ""
    time: str = ""
    edits: str | None = None
    in_force: bool = Field(default=True, description="false where the reader took the box out or drew another for it")

    def box(self) -> Box:
        """As the pipeline's value."""
        return Box(**self.model_dump(exclude={"id", "native_corners_mm", "in_force"}))


class BoxEditRecord(Record):
    """A reader's correction: one step of undo, however many boxes it touched."""

    action: Literal["add", "move", "delete"]
    replaced: list[str] = Field(default=[], description="ids of the boxes that it took out of force")
    made: list[str] = Field(default=[], description="ids of the reader's boxes that it put in force")
    author: str
    time: str
    undone: bool = False


class MeasurementRecord(Record):
    """A measured item of the localised region."""

    id: str
    value: Any
    unit: str
    method: str
    how: list[MessageRecord] = Field(default=[], description="the method as sentences, to be said in any language")
    space: Literal["native", "mni"] = "native"


class DiagnosisRecord(Record):
    """Probabilities with their doubt."""

    classes: dict[str, float]
    set90: list[str]
    abstain: bool
    ood: dict[str, Any]
    cam_in_prior: dict[str, float]
    remarks: list[MessageRecord] = []
    grades: list[GradeRecord] = Field(default=[], description="how far it can be trusted, question by question")
    spread: dict[str, Any] = Field(default={}, description="over mirrored and moved copies of the scan")
    cam: dict[str, Any] = Field(default={}, description="method, layer and cell_mm of the Grad-CAM")


class CaseRecord(Record):
    """The whole of `case.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid", title="Virtual Biopsy Desktop case")

    schema_: Literal[1] = Field(default=1, alias="schema")
    case_id: str
    status: Status
    created: datetime
    synthetic: bool = False
    technique: dict[str, Any] = Field(default={}, description="acquisition as read, without identity")
    slices_looked_at: int = 0
    remarks: list[MessageRecord] = []
    config: dict[str, Any]
    provenance: ProvenanceRecord
    stages: dict[str, StageRecord]
    gates: list[GateRecord] = []
    boxes: list[BoxRecord] = Field(default=[], description="every box that was ever marked or drawn")
    box_edits: list[BoxEditRecord] = Field(default=[], description="the reader's corrections, oldest first")
    evidence: list[GradeRecord] = Field(default=[], description="grades of boxes and priors, good ones too")
    measurements: list[MeasurementRecord] = []
    diagnosis: DiagnosisRecord | None = None
    signoff: dict[str, Any] | None = None

    @property
    def deidentified(self) -> bool:
        """Whether identity and dates were taken out, and of the scan all but the brain."""
        return self.created == NO_TIME

    @property
    def boxes_in_force(self) -> list[BoxRecord]:
        """The boxes that the priors were made from: none that a reader took out or replaced."""
        return [box for box in self.boxes if box.in_force]

    @property
    def open_red_gates(self) -> list[GateRecord]:
        """Red gates that nobody has accepted."""
        return [gate for gate in self.gates if gate.state == "red" and gate.accepted_by is None]
