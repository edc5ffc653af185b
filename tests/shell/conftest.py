"""Tests of the window need a display."""

from __future__ import annotations

from pathlib import Path

import pytest
from phantom_case import make_case
from PySide6.QtCore import QSettings
from virtual_display import skip_without_display

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
