"""Settings of an archive: none by default, and nothing that can't be meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from vb_desktop.cli.app import run_app
from vb_desktop.pipeline.errors import PacsFailed
from vb_desktop.pipeline.pacs.pacs import open_pacs
from vb_desktop.pipeline.pacs.settings import DimseSettings, PacsSettings, WebSettings, read_settings, write_settings

HOST: dict[str, Any] = {"host": "pacs.example", "port": 104, "called": "PACS"}


def test_without_settings_nothing_is_contacted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VB_PACS_SETTINGS", str(tmp_path / "none.toml"))

    def dial(*_: Any, **__: Any) -> None:
        raise AssertionError("something was contacted")

    monkeypatch.setattr("socket.socket.connect", dial)
    for command in (["echo"], ["find", "--patient-id", "1"], ["send", "x.dcm"]):
        assert run_app(["pacs", *command]) == 1
        assert "No archive is set up" in capsys.readouterr().err


def test_settings_are_written_and_read_as_they_are(tmp_path: Path) -> None:
    settings = PacsSettings(
        dimse=DimseSettings(**HOST, retrieve="move", listen_port=11112, tls=True),
        web=WebSettings(url="https://pacs.example/dicom-web/", token="PACS_TOKEN"),
        timeout_s=12.5,
    )
    assert read_settings(write_settings(settings, tmp_path / "own" / "pacs.toml")) == settings
    assert settings.web is not None and settings.web.url == "https://pacs.example/dicom-web"


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"dimse": HOST | {"port": 0}},
        {"dimse": HOST | {"called": "LONGER THAN IT MAY BE"}},
        {"dimse": HOST | {"retrieve": "move"}},
        {"web": {"url": "ftp://pacs.example"}},
        {"web": {"url": "http://pacs.example/dicom-web"}},
        {"web": {"url": "https://user:secret@pacs.example"}},
        {"web": {"url": "https://pacs.example"}, "elsewhere": 1},
    ],
)
def test_what_can_not_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PacsSettings.model_validate(wrong)


def test_a_faulty_file_is_named_with_its_key(tmp_path: Path) -> None:
    (tmp_path / "pacs.toml").write_text('[web]\nurl = "http://pacs.example"\n')
    with pytest.raises(PacsFailed, match=r"web is not encrypted"):
        read_settings(tmp_path / "pacs.toml")
    (tmp_path / "pacs.toml").write_text("[web")
    with pytest.raises(PacsFailed, match="no TOML"):
        read_settings(tmp_path / "pacs.toml")


def test_a_missing_secret_and_a_missing_way(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = PacsSettings(web=WebSettings(url="http://localhost/dicom-web", token="VB_NO_SUCH_TOKEN"))
    monkeypatch.delenv("VB_NO_SUCH_TOKEN", raising=False)
    with pytest.raises(PacsFailed, match="VB_NO_SUCH_TOKEN"):
        open_pacs(settings).echo()
    with pytest.raises(PacsFailed, match="not set up for dimse"):
        open_pacs(settings, "dimse")
