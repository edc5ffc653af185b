from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from report_cases import write_case

from vb_desktop.pipeline.case_folder import Case


@pytest.fixture
def make_case(tmp_path: Path) -> Callable[..., Case]:
    """`make_case(name="case", **see write_case)`: a case folder of the phantom."""
    return lambda name="case", **how: write_case(tmp_path / name, **how)
