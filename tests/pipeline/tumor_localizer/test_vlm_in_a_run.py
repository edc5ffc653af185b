"""A VLM's troubles seen from a run: what is refused before any work, and what a failed run leaves to go on with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fake_stages import Fakes

from vb_desktop.cli.app import run_app
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import LocalizationFailed, VlmFailed
from vb_desktop.pipeline.run_case import run_case
from vb_desktop.pipeline.tumor_localizer.vlm import read_prompt


def test_settings_that_can_not_work_are_said_before_any_work(fakes: Fakes, source: Path, tmp_path: Path) -> None:
    for changes in (
        {"vlm.prompt": "nobody_v9"},
        {"vlm.backend": "openai"},
        {"vlm.backend": "openai", "vlm.url": "http://example.org/v1"},
    ):
        with pytest.raises(LocalizationFailed):
            run_case(source, tmp_path / "case", Config.load(None, changes))
    assert fakes.calls == [] and not (tmp_path / "case").exists()


def test_after_trouble_with_a_server_the_run_goes_on(
    fakes: Fakes, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = fakes.find

    def refused(*_: object) -> None:
        raise VlmFailed("tumor_localizer.server_refused", host="127.0.0.1:8000")

    monkeypatch.setattr(fakes, "find", refused)
    with pytest.raises(VlmFailed, match="the connection was refused") as caught:
        run_case(source, tmp_path / "case", Config())
    assert "--resume" in caught.value.advice() and not (tmp_path / "case").exists()
    monkeypatch.setattr(fakes, "find", find)
    case = run_case(source, tmp_path / "case", Config(), resume=True)
    assert case.record.status == "done" and fakes.calls.count("process") == 1


def test_sending_slices_elsewhere_is_logged(
    fakes: Fakes, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fakes, "vlm", type("Vlm", (), {"sends_to": "gpu.example.org:8000"})())
    case = run_case(source, tmp_path / "case", Config())
    log = [json.loads(line) for line in (case.folder / "log.jsonl").read_text().splitlines()]
    (sent,) = [line for line in log if line["event"] == "slices sent with consent"]
    assert sent["to"] == "gpu.example.org:8000" and sent["by"]


def test_a_prompt_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "mine.txt"
    own.write_text("  Where is the tumour?\n", encoding="utf-8")
    assert read_prompt(str(own)) == "Where is the tumour?"
    own.write_text(" \n", encoding="utf-8")
    with pytest.raises(LocalizationFailed, match="is empty"):
        read_prompt(str(own))
    for name in ("../prompts/tumour_v2", "nobody_v9", str(tmp_path / "none.txt")):
        with pytest.raises(LocalizationFailed, match="There is no prompt named"):
            read_prompt(name)


def test_another_prompt_looks_anew(fakes: Fakes, source: Path, tmp_path: Path) -> None:
    own = tmp_path / "mine.txt"
    own.write_text("Where is the tumour?", encoding="utf-8")
    config = Config.load(None, {"vlm.prompt": str(own)})
    run_case(source, tmp_path / "case", config)
    run_case(source, tmp_path / "case", config, resume=True)
    assert fakes.calls.count("find") == 1
    own.write_text("Where is the mass?", encoding="utf-8")
    run_case(source, tmp_path / "case", config, resume=True)
    assert fakes.calls.count("find") == 2


def test_the_command_line_says_what_is_missing(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["run", str(source), "--out", str(tmp_path / "case"), "--vlm", "openai"]
    assert run_app([*arguments, "--vlm-url", "http://example.org/v1"]) == 1
    said = capsys.readouterr().err
    assert "example.org is not this machine" in said and "--allow-remote" in said and "Traceback" not in said
    assert run_app(arguments) == 1
    assert "--vlm-url" in capsys.readouterr().err
