"""Shared by all tests: the real data, settings kept away from the user's, and the last line of the run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

WANT_OF_DATA = "the real scans are not here: set VB_TEST_DATA"
ROOT = Path(__file__).resolve().parent.parent


def real_data() -> Path:
    """Where the real scans should lie; they are never part of the project."""
    return Path(os.environ.get("VB_TEST_DATA") or ROOT.parent / "shared" / "data")


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Folder of the real scans; the test skips where it is absent."""
    folder = real_data()
    if not folder.is_dir():
        pytest.skip(WANT_OF_DATA)
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `data` skip without the data, whatever fixture they use."""
    if real_data().is_dir():
        return
    for item in items:
        if item.get_closest_marker("data") is not None:
            item.add_marker(pytest.mark.skip(reason=WANT_OF_DATA))


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's settings, cache and models are left alone."""
    for variable, name in (("XDG_CACHE_HOME", "cache"), ("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data")):
        monkeypatch.setenv(variable, str(tmp_path / ".home" / name))
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / ".home" / "matplotlib"))
    monkeypatch.setenv("NAPARI_CONFIG", str(tmp_path / ".home" / "napari" / "settings.yaml"))


_skipped: set[str] = set()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count the tests that wanted data."""
    if report.skipped and WANT_OF_DATA in str(report.longrepr):
        _skipped.add(report.nodeid)


def pytest_unconfigure() -> None:
    """The last line of the run."""
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        print(f"{len(_skipped)} tests skipped for want of data")
