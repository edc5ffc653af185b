"""Tests of the window need a display."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from one_window import shared_canvas, shared_window
from phantom_case import make_case
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from virtual_display import skip_without_display

from vb_desktop.shell.canvas_view import CanvasView
from vb_desktop.shell.main_window import MainWindow
from vb_desktop.shell.settings import Settings


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    skip_without_display(items, Path(__file__).parent)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    made.cases_folder = tmp_path / "cases"
    return made


@pytest.fixture(scope="session")
def case_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with everything; not to be changed."""
    return make_case(tmp_path_factory.mktemp("cases") / "done")


@pytest.fixture(scope="module")
def shared(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    with shared_window(tmp_path_factory.mktemp("window"), 700) as window:
        yield window


@pytest.fixture(scope="module")
def made(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CanvasView]:
    with shared_canvas(tmp_path_factory.mktemp("napari"), 700, 600) as canvas:
        yield canvas
