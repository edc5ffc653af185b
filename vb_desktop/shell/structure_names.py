"""Names of the brain's structures at points of the template, from the atlas of the report."""

from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.measurement.location import TOLERANCE_MM, atlas
from vb_desktop.pipeline.measurement.structures import BY_CODE
from vb_desktop.pipeline.messages import ENGLISH, Message
from vb_desktop.shell.language import say


def structure_at(mni: Array) -> str:
    """The structure at a template point (3,), RAS+ mm, with its side; empty where none is labelled."""
    codes = atlas()
    index = np.round(codes.to_index(np.asarray(mni, dtype=float)[None])[0]).astype(int)
    if (index < 0).any() or (index >= codes.voxels.shape).any():
        return ""
    structure = BY_CODE.get(int(codes.voxels[tuple(index)]))
    if structure is None:
        return ""
    key = f"report.structure.{structure.id}"
    name = say(Message(key)) if key in ENGLISH else structure.id.replace("_", " ")
    if structure.side != "middle":
        side = say(Message(f"report.side.{structure.side}"))
        name = say(Message("report.structure.sided", {"side": side, "name": name}))
    return f"{name} (±{TOLERANCE_MM} mm)"
