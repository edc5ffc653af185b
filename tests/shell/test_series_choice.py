"""Choosing a series of an examination: the list, its reasons, and what is then read and analysed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from one_window import FakeRunner
from pytestqt.qtbot import QtBot

from vb_desktop.pipeline.case import Identity, Scan, Volume
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.scan_import.series_list import Geometry, ListedVolume, SeriesList
from vb_desktop.pipeline.scan_import.t1ce_likelihood import Reason, T1CELikelihood
from vb_desktop.pipeline.scan_import.thumbnails import Thumbnail
from vb_desktop.shell.jobs import RunRequest, read_scan
from vb_desktop.shell.main_window import MainWindow
from vb_desktop.shell.series_dialog import SeriesDialog
from vb_desktop.shell.series_jobs import ChosenSeries, ListedSeries, list_series, read_series
from vb_desktop.shell.settings import Settings


def volume(id_: str, kind: str, value: float, why_unusable: Message | None = None) -> ListedVolume:
    reasons = (Reason(Message("scan_import.reason_agent"), value),) if value else ()
    return ListedVolume(
        id=id_, uid=id_, number=id_[-1], description=f"{kind} words", part="", study=1, acquired="", modality="MR",
        kind=kind, technique={}, images=170, geometry=Geometry(256, 256, 170, (1.0, 1.0, None), "axial", None),
        t1ce=T1CELikelihood(value, reasons, "T1"), why_unusable=why_unusable, remarks=(), middle=None,
    )  # fmt: skip


@pytest.fixture
def listed(tmp_path: Path) -> ListedSeries:
    volumes = (
        volume("1.2.1", "localiser", 0.0, Message("scan_import.ct")),
        volume("1.2.2", "3D T1", 0.2),
        volume("1.2.3", "3D T1", 0.9),
    )
    pictures = tuple(
        Thumbnail(one.id, np.full((128, 96), 200, np.uint8) if one.id != "1.2.1" else None) for one in volumes
    )
    proposal = Message("scan_import.reason_agent")
    return ListedSeries(tmp_path, SeriesList(volumes, "1.2.3", proposal, 510, ()), pictures)


@pytest.fixture
def window(qtbot: QtBot, settings: Settings) -> MainWindow:
    made = MainWindow(settings, FakeRunner())  # type: ignore[arg-type]
    qtbot.addWidget(made)
    return made


def test_the_proposed_one_is_chosen_with_its_reasons_and_an_unusable_one_says_why(
    qtbot: QtBot, listed: ListedSeries
) -> None:
    dialog = SeriesDialog(listed)
    qtbot.addWidget(dialog)
    first, _, best = dialog._rows()
    assert dialog.list.currentItem() is best
    assert [best.text(n) for n in (1, 3, 4, 5, 6, 7)] == [
        "3D T1", "256 × 256 × 170", "1 × 1 × ?", "axial", "0.90", "proposed",
    ]  # fmt: skip
    assert not best.icon(0).isNull()
    assert dialog.reasons.text().startswith("+0.90")
    dialog.list.setCurrentItem(first)
    assert not dialog.take.isEnabled()
    assert "CT" in dialog.reasons.text()
    dialog.list.setCurrentItem(best)
    with qtbot.waitSignal(dialog.chosen) as caught:
        dialog.take.click()
    assert caught.args == ["1.2.3"]


def test_a_folder_offers_its_series_and_the_chosen_one_is_read_and_analysed(
    window: MainWindow, listed: ListedSeries, tmp_path: Path
) -> None:
    runner = window.runner
    assert isinstance(runner, FakeRunner)
    button = window.parts.import_panel.choose_series
    assert button.isHidden()
    window.open(tmp_path)
    assert runner.asked == [(read_scan, tmp_path)]
    runner.fail("There are two alike.", "Choose one.", "")
    assert not button.isHidden()
    button.click()
    assert runner.asked[1:] == [(list_series, tmp_path)]
    runner.end_with(listed)
    (dialog,) = window.findChildren(SeriesDialog)
    dialog.list.setCurrentItem(dialog._rows()[1])
    dialog.take.click()
    assert runner.asked[2:] == [(read_series, ChosenSeries(tmp_path, "1.2.2"))]
    runner.end_with(Scan(volume=Volume(np.zeros((4, 4, 4), np.float32), np.eye(4)), identity=Identity()))
    window.parts.import_panel.run.click()
    request = runner.asked[-1][1]
    assert isinstance(request, RunRequest)
    assert (request.source, request.series_uid) == (tmp_path, "1.2.2")


def test_a_file_of_one_volume_has_no_series(window: MainWindow, tmp_path: Path) -> None:
    window.open(tmp_path / "t1ce.nii.gz")
    assert window.parts.import_panel.choose_series.isHidden()
