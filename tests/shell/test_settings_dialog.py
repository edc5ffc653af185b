"""What is chosen in the settings holds at once, and reaches runs, report and window."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from one_window import FakeRunner
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.reader import VARIABLE, reader
from vb_desktop.shell import theme
from vb_desktop.shell.main_window import MainWindow
from vb_desktop.shell.run_config import run_config
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.settings_dialog import SettingsDialog
from vb_desktop.shell.settings_pages import privacy_page


@pytest.fixture
def dialog(qtbot: QtBot, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SettingsDialog:
    monkeypatch.setattr(privacy_page, "corrections_folder", lambda: tmp_path / "corrections")
    made = SettingsDialog(settings)
    qtbot.addWidget(made)
    return made


def choose(box: QComboBox, value: str) -> None:
    box.setCurrentIndex(box.findData(value))
    assert box.currentData() == value
    box.activated.emit(box.currentIndex())


def test_settings_that_nobody_touched_change_no_result(settings: Settings) -> None:
    assert run_config(settings, "native", "fast") == Config()


def test_reader_and_letterhead_reach_the_run(dialog: SettingsDialog, settings: Settings, tmp_path: Path) -> None:
    page = dialog.report
    logo = tmp_path / "logo.png"
    QImage(8, 8, QImage.Format.Format_RGB32).save(str(logo))
    for line, text in ((page.institution, "1st Clinic, Ward 3"), (page.logo, str(logo)), (page.reader, "Dr. Roe")):
        line.setText(text)
        line.editingFinished.emit()
    report = run_config(settings, "native", "fast").report
    assert (report.institution, report.logo) == ("1st Clinic, Ward 3", str(logo))
    assert page.refusal.isHidden()
    assert settings.text("reader") == "Dr. Roe"
    page.logo.setText(str(tmp_path / "none.png"))
    page.logo.editingFinished.emit()
    assert not page.refusal.isHidden()


def test_the_report_speaks_the_windows_language_unless_told_otherwise(settings: Settings) -> None:
    settings.language = "zh"
    assert run_config(settings, "native", "fast").report.language == "zh"
    settings.set_text("report/language", "en")
    assert run_config(settings, "native", "fast").report.language == "en"


def test_the_name_of_the_reader_stands_for_the_account(
    qtbot: QtBot, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "")
    runner = FakeRunner()
    window = MainWindow(settings, runner)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    before = reader()
    shown = window.dialogs.show_settings()
    assert isinstance(shown, SettingsDialog)
    shown.report.reader.setText("Dr. Roe")
    shown.report.reader.editingFinished.emit()
    assert reader() == "Dr. Roe" != before
    assert runner.renewed is True  # the process of the runs learns the name too
    shown.report.reader.setText("")
    shown.report.reader.editingFinished.emit()
    assert reader() == before


def test_theme_and_font_are_followed_at_once(qtbot: QtBot, settings: Settings) -> None:
    window = MainWindow(settings, FakeRunner())  # type: ignore[arg-type]
    qtbot.addWidget(window)
    shown = window.dialogs.show_settings()
    assert isinstance(shown, SettingsDialog)
    width = window.parts.rail.width()
    try:
        choose(shown.appearance.theme, "light")
        assert theme.LIGHT.panel in window.styleSheet()
        shown.appearance.font_size.setValue(14)
        assert "font-size: 14.0pt" in window.styleSheet()
        assert window.parts.rail.minimumWidth() > width
    finally:
        theme.use("dark", theme.USUAL)


@pytest.mark.parametrize("colours", theme.THEMES.values(), ids=list(theme.THEMES))
def test_words_are_told_from_their_ground(colours: theme.Colours) -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(a: str, b: str) -> float:
        light, dark = sorted((luminance(a), luminance(b)), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    for ground in (colours.background, colours.panel, colours.raised, colours.field):
        for words in (
            colours.text,
            colours.secondary,
            colours.accent,
            colours.attention,
            colours.refusal,
            colours.good,
        ):
            assert contrast(words, ground) >= 4.5, (words, ground)
    assert contrast(colours.text, colours.attention_ground) >= 4.5
    assert contrast(colours.text, colours.refusal_ground) >= 4.5
    assert contrast("#FFFFFF", colours.primary) >= 4.5


def test_a_server_is_asked_beside_the_window_and_says_what_is_wrong(
    qtbot: QtBot, dialog: SettingsDialog, settings: Settings
) -> None:
    page = dialog.vlm
    choose(page.backend, "openai")
    page.check_connection()
    assert "address" in page.answer.text()
    page.url.setText("http://127.0.0.1:9/v1")
    page.url.editingFinished.emit()
    assert run_config(settings, "native", "fast").vlm.url == "http://127.0.0.1:9/v1"
    page.check_connection()
    assert not page.test.isEnabled()  # and this line is reached before the answer
    qtbot.waitUntil(page.test.isEnabled, timeout=60_000)
    assert "127.0.0.1:9" in page.answer.text()
    page.url.setText("http://example.org/v1")
    page.url.editingFinished.emit()
    page.check_connection()
    qtbot.waitUntil(page.test.isEnabled, timeout=60_000)
    assert "example.org" in page.answer.text()  # no consent: nothing was sent
    assert page.answer.property("kind") == "refusal"


def test_the_built_in_detector_is_checked_against_its_card(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.vlm.check_connection()
    qtbot.waitUntil(dialog.vlm.test.isEnabled, timeout=60_000)
    assert dialog.vlm.answer.property("kind") == "good"


def test_models_are_listed_and_a_folder_that_is_none_is_refused(
    qtbot: QtBot, dialog: SettingsDialog, tmp_path: Path
) -> None:
    page = dialog.models
    names = [page.list.topLevelItem(n).text(0) for n in range(page.list.topLevelItemCount())]  # type: ignore[union-attr]
    assert {"diagnoser", "localizer"} <= set(names)
    page.add(tmp_path)
    qtbot.waitUntil(page.install.isEnabled, timeout=60_000)
    assert "not installed" in page.answer.text()


def test_performance_reaches_runs_and_their_process(
    qtbot: QtBot, dialog: SettingsDialog, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vb_desktop.shell import run_config as module

    page = dialog.performance
    choose(page.device, "cpu")
    config = run_config(settings, "native", "accurate")
    assert (config.skull_stripping.device, config.vlm.device) == ("cpu", "cpu")
    assert (config.skull_stripping.folds, config.registration.spacing_mm) == (5, 1.0)
    with monkeypatch.context() as patch:
        for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
            patch.delenv(name, raising=False)
        page.threads.setValue(1)
        with qtbot.waitSignal(page.worker_changed):
            page.threads.editingFinished.emit()
        module.apply_environment(settings)
        assert os.environ["OMP_NUM_THREADS"] == "1"
        page.threads.setValue(0)
        page.threads.editingFinished.emit()
        module.apply_environment(settings)
        assert "OMP_NUM_THREADS" not in os.environ


def test_what_is_kept_can_be_deleted(dialog: SettingsDialog, settings: Settings, tmp_path: Path) -> None:
    case = tmp_path / "case"
    case.mkdir()
    (case / "case.json").write_text("{}")
    settings.add_recent(case)
    kept = tmp_path / "corrections"
    kept.mkdir()
    (kept / "a.json").write_text("{}")
    page = dialog.privacy
    page._show()
    assert "1 cases" in page.said.text()
    page.forget.click()
    page.drop.click()
    assert settings.recent_cases == []
    assert not kept.exists()
    page.remembers.setChecked(False)
    settings.add_recent(case)
    assert settings.recent_cases == []


def test_panels_can_be_moved_are_remembered_and_put_back(qtbot: QtBot, settings: Settings) -> None:
    left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
    window = MainWindow(settings, FakeRunner())  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.addDockWidget(left, window.parts.docks.layers)
    window.close()
    again = MainWindow(settings, FakeRunner())  # type: ignore[arg-type]
    qtbot.addWidget(again)
    docks = again.parts.docks
    assert again.dockWidgetArea(docks.layers) == left
    assert again.dockWidgetArea(docks.step) == right
    shown = again.dialogs.show_settings()
    assert isinstance(shown, SettingsDialog)
    shown.appearance.reset_wanted.emit()
    assert again.dockWidgetArea(docks.layers) == right


def test_the_first_page_lists_cases_by_folder(qtbot: QtBot, settings: Settings, case_folder: Path) -> None:
    settings.add_recent(case_folder)
    window = MainWindow(settings, FakeRunner())  # type: ignore[arg-type]
    qtbot.addWidget(window)
    page = window.parts.empty_page
    assert page.recent.count() == 1
    assert "Doe" not in page.recent.item(0).text()
    page.recent.itemActivated.emit(page.recent.item(0))
    assert window.case is not None
    assert window.case.folder == case_folder


def test_settings_survive_the_program(tmp_path: Path, qapp: QApplication) -> None:
    path = str(tmp_path / "kept.ini")
    first = Settings(QSettings(path, QSettings.Format.IniFormat))
    first.theme, first.font_points, first.language = "light", 12, "zh"
    first.set_text("report/institution", "A, B; C")
    first._store.sync()
    second = Settings(QSettings(path, QSettings.Format.IniFormat))
    assert (second.theme, second.font_points, second.language) == ("light", 12, "zh")
    assert second.text("report/institution") == "A, B; C"
