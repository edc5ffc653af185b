"""Tests of the plug-in: most need a display."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from phantom_case import make_case
from PySide6.QtCore import QCoreApplication, QEvent
from virtual_display import skip_without_display


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    skip_without_display(items, Path(__file__).parent)


@pytest.fixture(autouse=True)
def _nothing_left_of_other_viewers() -> None:
    """`make_napari_viewer` refuses to work beside a viewer of an earlier test, gone or not."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()


@pytest.fixture(scope="session")
def case_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with everything; not to be changed."""
    return make_case(tmp_path_factory.mktemp("cases") / "done")
