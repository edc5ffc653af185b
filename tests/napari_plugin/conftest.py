"""Tests of the plug-in: most need a display."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from phantom_case import make_case
from PySide6.QtCore import QCoreApplication, QEvent
from virtual_display import WANT_OF_DISPLAY, display_can_be_had

HAS_DISPLAY = display_can_be_had()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if not HAS_DISPLAY and here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=WANT_OF_DISPLAY))


@pytest.fixture(autouse=True)
def _nothing_left_of_other_viewers() -> None:
    """`make_napari_viewer` refuses to work beside a viewer of an earlier test, gone or not."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()


@pytest.fixture(scope="session")
def case_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with everything; not to be changed."""
    return make_case(tmp_path_factory.mktemp("cases") / "done")
