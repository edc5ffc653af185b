"""Write `assets/case.schema.json` from the model of `case.json`; to be run after a change of the model."""

from __future__ import annotations

import json

from vb_desktop.assets import asset
from vb_desktop.pipeline.atomic import write_text
from vb_desktop.pipeline.case_record import CaseRecord

if __name__ == "__main__":
    write_text(asset("case.schema.json"), json.dumps(CaseRecord.model_json_schema(by_alias=True), indent=2) + "\n")
