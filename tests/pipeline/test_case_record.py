"""The committed JSON Schema is the model's."""

from __future__ import annotations

import json

from vb_desktop.assets import asset
from vb_desktop.pipeline.case_record import CaseRecord


def test_the_committed_schema_is_the_models() -> None:
    committed = json.loads(asset("case.schema.json").read_text(encoding="utf-8"))
    assert committed == CaseRecord.model_json_schema(by_alias=True), "run: python installer/write_schema.py"
