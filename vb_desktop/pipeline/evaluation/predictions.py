"""Predictions on disk: the boxes of one case as JSON, in voxels of the processed scan.

`NAME.json`: {"schema": 1, "case", "sha256" of the image file, "detector", "fold", "shape" of the processed scan,
"boxes": [{"k", "i0", "i1", "j0", "j1", "confidence"}]}; half-open ranges, template space at 1 mm, as in `case.json`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vb_desktop.pipeline.atomic import write_text
from vb_desktop.pipeline.case import Box
from vb_desktop.pipeline.errors import UnreadableScan

Index = Annotated[int, Field(ge=0)]


class PredictedBox(BaseModel):
    """One box."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    k: Index
    i0: Index
    i1: Index
    j0: Index
    j1: Index
    confidence: float = Field(ge=0, le=1)
    text: str = ""


class Prediction(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: Literal[1] = Field(default=1, alias="schema")
    case: str
    sha256: str
    detector: str
    fold: int | None = None
    shape: tuple[int, int, int]
    boxes: list[PredictedBox]

    def as_boxes(self) -> tuple[Box, ...]:
        """As the localiser takes them."""
        return tuple(
            Box(
                k=b.k, i0=b.i0, i1=b.i1, j0=b.j0, j1=b.j1, confidence=b.confidence, source="builtin", text=b.text
            )
            for b in self.boxes
        )  # fmt: skip


def write_prediction(folder: Path, prediction: Prediction) -> None:
    """Write `CASE.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / f"{prediction.case}.json", prediction.model_dump_json(by_alias=True, indent=1) + "\n")


def read_prediction(folder: Path, case: str, sha256: str, shape: tuple[int, ...]) -> Prediction:
    """Read the prediction of a case.

    Raises:
        UnreadableScan: there is none, or it is of another image or another grid.
    """
    try:
        found = Prediction.model_validate_json((folder / f"{case}.json").read_bytes())
    except OSError as error:
        raise UnreadableScan("evaluation.no_prediction", case=case) from error
    except ValidationError as error:
        raise UnreadableScan("evaluation.bad_prediction", case=case, cause=error.errors()[0]["msg"]) from error
    if found.sha256 != sha256 or found.shape != tuple(shape):
        raise UnreadableScan("evaluation.bad_prediction", case=case, cause="it is of another image or grid")
    return found
