"""The window, the real worker and the real pipeline."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from one_window import shared_window
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.progress import Stage
from vb_desktop.shell.case_runner import CaseRunner
from vb_desktop.shell.jobs import RunRequest, analyse
from vb_desktop.shell.main_window import MainWindow
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.steps_rail import Step

RUN_MS = 280_000
QUICK = Config().changed(input__space="mni", vlm__backend="rules", refine__epochs=5)


@pytest.fixture(scope="module")
def window(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """One window for all: its worker takes ten seconds of the processor to warm up."""
    with shared_window(tmp_path_factory.mktemp("window"), 640, CaseRunner()) as window:
        yield window


@pytest.fixture
def settings(window: MainWindow) -> Settings:
    return window.settings


@pytest.fixture
def tumour_in_mni(tmp_path: Path) -> Path:
    """The template's brain with a bright ring drawn into the right thalamus."""
    from nilearn.datasets import load_mni152_template

    brain = load_mni152_template(resolution=1)
    voxels = np.asarray(brain.dataobj, dtype=np.float32) * 500
    centre = np.linalg.inv(brain.affine) @ [14, -18, 6, 1]
    grid = np.indices(voxels.shape)
    distance = np.sqrt(sum((axis - middle) ** 2 for axis, middle in zip(grid, centre[:3], strict=True)))
    voxels[(distance < 13) & (distance > 7)] = 1100
    voxels[distance <= 7] = 150
    path = tmp_path / "t1ce_mni.nii.gz"
    nib.save(nib.Nifti1Image(voxels, brain.affine), path)
    return path


@pytest.mark.slow
def test_a_scan_is_opened_and_localised_from_the_window(
    qtbot: QtBot, window: MainWindow, settings: Settings, tumour_in_mni: Path
) -> None:
    """In MNI space, with the plain detector: brain extraction, registration and the network have tests of their own."""
    with qtbot.waitSignal(window.runner.finished, timeout=RUN_MS):
        window.open(tumour_in_mni)
    assert window.scan is not None
    assert window.canvas is not None
    out = settings.cases_folder / "case-1"
    with qtbot.waitSignals([window.runner.finished, window.runner.progressed], timeout=RUN_MS):
        window.jobs.start(RunRequest(source=tumour_in_mni, out=out, config=QUICK, until=Stage.LOCALIZE))
    assert window.case is not None, window.parts.error_bar.details
    assert window.case.folder == out
    assert window.canvas.shown.there == {"image", "boxes", "coarse_prior", "refined_prior"}
    z, y, x = window.canvas.point
    assert np.hypot(np.hypot(x - 14, y + 18), z - 6) < 15
    _correct_and_update(qtbot, window)


def _correct_and_update(qtbot: QtBot, window: MainWindow) -> None:
    """The upper boxes are taken out: prior and volume follow, and case.json says who did it and when."""
    assert window.case is not None
    before = {item.id: item.value for item in window.case.record.measurements}
    window.show_step(Step.BOXES)
    window.correction.edit(True)
    editor = window.correction.editor
    middle = sorted(box.k for box in editor.book.in_force.values())[len(editor.book.in_force) // 2]
    editor.select([id_ for id_, box in editor.book.in_force.items() if box.k > middle])
    editor.delete()
    folder, point = window.case.folder, window.canvas.point if window.canvas is not None else None
    with qtbot.waitSignal(window.runner.finished, timeout=RUN_MS):
        window.parts.stale_bar.update_case.click()
    assert window.case is not None, window.parts.error_bar.details
    assert window.case.folder == folder
    assert window.canvas is not None
    assert window.canvas.point == pytest.approx(point)
    record = window.case.record
    assert max(box.k for box in record.boxes_in_force) == middle
    assert record.box_edits[0].author
    assert record.box_edits[0].time.startswith("20")
    after = {item.id: item.value for item in record.measurements}
    assert after["volume"] < before["volume"]
    assert "volume" in window.parts.job_words.text()
    assert not window.parts.stale_bar.isVisible()


@pytest.mark.slow
def test_cancel_in_the_middle_of_a_real_run(
    qtbot: QtBot, window: MainWindow, settings: Settings, tumour_in_mni: Path
) -> None:
    out = settings.cases_folder / "case-2"
    request = RunRequest(source=tumour_in_mni, out=out, config=QUICK, until=Stage.LOCALIZE)
    reached: list[Stage] = []
    window.runner.progressed.connect(lambda progress: reached.append(progress.stage))
    window.runner.start(analyse, request)
    qtbot.waitUntil(lambda: Stage.PROCESS in reached, timeout=RUN_MS)
    started = time.monotonic()
    window.runner.cancel()
    assert time.monotonic() - started < 2
    assert not out.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content"),
    [("missing.nii", None), ("empty.nii", b""), ("text.nii", b"not an image at all"), ("words.txt", b"hello")],
)
def test_bad_input_is_a_sentence_and_the_window_lives(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, name: str, content: bytes | None
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with qtbot.waitSignal(window.runner.failed, timeout=RUN_MS):
        window.open(path)
    bar = window.parts.error_bar
    assert bar.isVisible()
    assert len(bar.sentence.text()) > 10
    assert "unexpectedly" not in bar.sentence.text()
    assert "Traceback" not in bar.sentence.text()
    assert bar.advice.text()
    assert window.parts.import_panel.open_file.isEnabled()
