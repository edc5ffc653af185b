"""`registration.lesion_mask = "second-pass"`: a first look, the alignment past it, and the real look at the result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fake_stages import Fakes

from vb_desktop.pipeline.case import ProcessedScan, RefinedPrior, Scan
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.mri_processor import lesion
from vb_desktop.pipeline.progress import Stage
from vb_desktop.pipeline.run_case import run_case

PAST = Config().changed(registration__lesion_mask="second-pass")


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[RefinedPrior | None]:
    seen: list[RefinedPrior | None] = []

    def second_pass(_: object, scan: Scan, first: ProcessedScan, prior: RefinedPrior | None, *__: Any) -> ProcessedScan:
        seen.append(prior)
        return first

    monkeypatch.setattr(lesion, "second_pass", second_pass)
    return seen


def test_the_first_look_is_part_of_the_processing(
    fakes: Fakes, passes: list[RefinedPrior | None], source: Path, tmp_path: Path
) -> None:
    run_case(source, tmp_path / "case", PAST, until=Stage.LOCALIZE)
    assert fakes.calls == ["process", "find", "localize", "find", "localize"]
    assert len(passes) == 1 and passes[0] is not None
    run_case(source, tmp_path / "case", PAST, until=Stage.LOCALIZE, resume=True)
    assert len(fakes.calls) == 5
    # what the first look depends on, the alignment depends on now
    changed = PAST.changed(refine__tau=0.5)
    run_case(source, tmp_path / "case", changed, until=Stage.LOCALIZE, resume=True)
    assert fakes.calls[5] == "process" and len(passes) == 2


def test_off_is_one_pass(fakes: Fakes, passes: list[RefinedPrior | None], source: Path, tmp_path: Path) -> None:
    run_case(source, tmp_path / "case", Config(), until=Stage.LOCALIZE)
    assert fakes.calls == ["process", "find", "localize"] and passes == []
