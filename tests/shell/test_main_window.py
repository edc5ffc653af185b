"""The window with a runner that runs nothing: what is open, what runs, what is shown."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from one_window import FakeRunner, forget, load, shared_window
from phantom_case import NATIVE_AFFINE, damage, head, make_case
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from vb_desktop.pipeline.case import Identity, Scan, Volume
from vb_desktop.pipeline.case_folder import read_case
from vb_desktop.pipeline.draft import draft_of
from vb_desktop.pipeline.progress import Progress, Stage
from vb_desktop.shell.app import show_faults_in
from vb_desktop.shell.jobs import RunRequest, analyse, read_scan
from vb_desktop.shell.main_window import MainWindow
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.steps_rail import Step, StepState

Open = Callable[[Path | None], MainWindow]


@pytest.fixture(scope="module")
def shared(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    with shared_window(tmp_path_factory.mktemp("window"), 640) as window:
        yield window


@pytest.fixture
def runner(shared: MainWindow) -> FakeRunner:
    assert isinstance(shared.runner, FakeRunner)
    shared.runner.asked.clear()
    shared.runner.is_running = False
    return shared.runner


@pytest.fixture
def open_window(shared: MainWindow, runner: FakeRunner) -> Open:
    """The window on a case; nothing is left of the test before."""

    def show(path: Path | None) -> MainWindow:
        shared.parts.error_bar.hide()
        shared.jobs.rest()
        if path is not None:
            shared.open(path)
        return shared

    return show


def scan(name: str = "Roe^Richard") -> Scan:
    return Scan(volume=Volume(head(), NATIVE_AFFINE), identity=Identity(name=name))


def layers(window: MainWindow) -> list[str]:
    """The paper's layers that the case has."""
    assert window.canvas is not None
    return sorted(window.canvas.shown.there)


ALL = ["boxes", "coarse_prior", "grad_cam", "image", "refined_prior"]


def words(window: MainWindow) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel))


def test_the_status_line_says_the_window_which_is_the_reports(open_window: Open, case_folder: Path) -> None:
    from vb_desktop.pipeline.report.anatomy import anatomy

    window = open_window(case_folder)
    assert window.canvas is not None
    seen = anatomy(read_case(case_folder))
    assert seen is not None
    assert window.canvas.model.layers["Scan"].contrast_limits == pytest.approx((seen.low, seen.high))
    line = window.parts.window_level
    assert line.text() == f"W {seen.high - seen.low:.0f}  L {(seen.low + seen.high) / 2:.0f}"
    window.canvas.window_level.choose("Narrow")
    narrow = line.text()
    window.show_space("mni")
    assert line.text().endswith("z-score")
    window.show_space("native")
    assert line.text() == narrow
    window._forget_case()
    assert line.text() == ""
    window.open(case_folder)
    assert line.text() != narrow


def test_the_shell_is_there_before_the_viewer(qtbot: QtBot, settings: Settings) -> None:
    window = MainWindow(settings, FakeRunner())  # type: ignore[arg-type]
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.parts.loading_page.painted):
        window.show()
    assert window.canvas is None
    assert "Loading the viewer…" in words(window)
    assert "Research use only, not a substitute for biopsy" in window.windowTitle()
    assert window.parts.banner.research.isVisible()


def test_a_case_is_shown_with_everything(open_window: Open, case_folder: Path) -> None:
    window = open_window(case_folder)
    assert layers(window) == ALL
    assert "Doe^Jane" in window.parts.banner.patient.text()
    assert window.parts.banner.demo_model.isVisible()
    assert "71 %" in window.parts.diagnosis_panel.text()
    assert window.parts.centre.currentWidget() is window.canvas
    assert window.parts.rail.states[Step.DIAGNOSIS] == StepState.ATTENTION  # the model abstains
    assert window.parts.rail.states[Step.PRIOR] == StepState.DONE
    assert [name for name, toggle in window.parts.layers_panel.toggles.items() if toggle.isChecked()] == [
        "Scan",
        "Refined prior",
        "Grad-CAM",
    ]


def test_the_space_can_be_switched(qtbot: QtBot, open_window: Open, case_folder: Path) -> None:
    window = open_window(case_folder)
    assert window.canvas is not None
    window.parts.banner._spaces["mni"].click()
    assert tuple(window.canvas.model.layers["Scan"].scale) == (3.0, 3.0, 3.0)
    assert layers(window) == ALL
    window.parts.banner._spaces["native"].click()
    assert tuple(window.canvas.model.layers["Scan"].scale) == (4.0, 3.0, 3.0)


def test_layers_are_switched_and_faded(qtbot: QtBot, open_window: Open, case_folder: Path) -> None:
    window = open_window(case_folder)
    assert window.canvas is not None
    shown, panel = window.canvas.model.layers, window.parts.layers_panel
    panel.toggles["Coarse prior"].click()
    assert shown["Coarse prior"].visible
    assert "smoothed and dilated" in panel.looking_at.text()
    with qtbot.waitActive(window):
        window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_4)
    qtbot.waitUntil(lambda: not shown["Coarse prior"].visible)
    panel.choose("Refined prior")
    panel.opacity.setValue(40)
    assert shown["Refined prior"].opacity == pytest.approx(0.4)
    panel.threshold.setValue(70)
    assert "the line lies at 0.70" in panel.looking_at.text()
    line = shown["Refined prior"].colormap.map(np.array([0.5, 0.7, 0.9]))[:, 3]
    assert line == pytest.approx([0, 1, 0.16], abs=0.01)
    panel.opacity.setValue(100)
    panel.threshold.setValue(50)
    panel.classes.setCurrentIndex(0)
    panel.classes.activated.emit(0)
    assert [layer.name for layer in shown if layer.name.startswith("Grad") and layer.visible] == ["Grad-CAM (glioma)"]
    assert "score for glioma" in panel.looking_at.text()
    assert "Not where the tumour is" in panel.looking_at.text()
    panel.toggles["Grad-CAM"].click()
    assert not any(layer.visible for layer in shown if layer.name.startswith("Grad"))


def test_scan_and_processed_are_one_key_apart(open_window: Open, case_folder: Path) -> None:
    window = open_window(case_folder)
    panel = window.parts.layers_panel
    panel.press("2")
    assert window.space == "mni"
    assert panel.toggles["Processed"].isChecked()
    assert not panel.toggles["Scan"].isChecked()
    panel.press("1")
    assert window.space == "native"
    assert panel.toggles["Scan"].isChecked()


def test_each_step_shows_its_evidence_and_keeps_what_was_chosen(open_window: Open, case_folder: Path) -> None:
    window = open_window(case_folder)
    assert window.canvas is not None
    shown = window.canvas.shown
    window.show_step(Step.SCAN)
    assert shown.visible == {"image"}
    window.show_step(Step.BOXES)
    assert shown.visible == {"image", "boxes"}
    window.parts.layers_panel.toggles["Coarse prior"].click()
    window.show_step(Step.DIAGNOSIS)
    assert shown.visible == {"image", "refined_prior", "grad_cam"}
    window.show_step(Step.BOXES)
    assert shown.visible == {"image", "boxes", "coarse_prior"}
    window.open(case_folder)
    window.show_step(Step.BOXES)
    assert shown.visible == {"image", "boxes"}


def test_a_box_of_the_list_shows_its_slice(open_window: Open, case_folder: Path) -> None:
    window = open_window(case_folder)
    assert window.canvas is not None
    window.show_step(Step.BOXES)
    boxes = window.parts.boxes_panel.list
    assert boxes.count() == 9
    boxes.itemClicked.emit(boxes.item(0))
    assert window.canvas.step == 14
    assert boxes.item(0).text().startswith("slice 15:")


@pytest.mark.parametrize(
    ("status", "said", "there"),
    [
        ("withheld", "withheld", ["boxes", "coarse_prior", "image", "refined_prior"]),
        ("no_tumour_found", "No tumour was found", ["image"]),
        ("partial", "ended before", ["image"]),
    ],
)
def test_other_states_of_a_case(open_window: Open, tmp_path: Path, status: str, said: str, there: list[str]) -> None:
    window = open_window(make_case(tmp_path / "case", status))
    assert said in window.parts.diagnosis_panel.text()
    assert layers(window) == there


def test_a_scan_is_read_by_the_worker_then_analysed(
    open_window: Open, runner: FakeRunner, case_folder: Path, tmp_path: Path
) -> None:
    window = open_window(case_folder)
    source = tmp_path / "t1ce.nii.gz"
    window.open(source)
    assert runner.asked == [(read_scan, source)]
    assert "Doe" not in words(window)  # nothing of another patient beside the new scan
    assert layers(window) == []
    runner.end_with(scan())
    assert layers(window) == ["image"]
    assert "Roe^Richard" in window.parts.banner.patient.text()
    assert "No diagnosis yet" in window.parts.diagnosis_panel.text()
    window.parts.import_panel.run.click()
    job, request = runner.asked[-1]
    assert job is analyse
    assert isinstance(request, RunRequest)
    assert request.source == source
    assert request.out.parent == window.settings.cases_folder
    assert "Roe" not in request.out.name
    runner.end_with(case_folder)
    assert layers(window) == ALL
    assert "Doe^Jane" in window.parts.banner.patient.text()


def test_a_cancelled_run_leaves_nothing_of_the_patient_in_the_cache(
    qtbot: QtBot, open_window: Open, runner: FakeRunner, case_folder: Path
) -> None:
    window = open_window(case_folder)
    window.analyse()
    out = runner.asked[-1][1].out
    with pytest.raises(KeyboardInterrupt), draft_of(out, resume=False, force=False) as draft:
        raise KeyboardInterrupt  # the child is ended in the middle
    assert draft.is_dir()
    window.parts.cancel.click()
    assert not draft.exists()


def test_progress_and_cancel(qtbot: QtBot, open_window: Open, runner: FakeRunner, case_folder: Path) -> None:
    window = open_window(case_folder)
    window.analyse()
    assert runner.asked[0][1].source == case_folder
    assert window.parts.rail.states[Step.REPORT] == StepState.NOT_YET
    assert window.parts.rail.states[Step.PRIOR] == StepState.STALE
    runner.progressed.emit(Progress(Stage.LOCALIZE, 0.5, "Looking at slice 80"))
    assert "Looking at slice 80 (50%)" in window.parts.job_words.text()
    assert window.parts.rail.states[Step.BOXES] == StepState.RUNNING
    assert window.parts.cancel.isVisible()
    assert not window.parts.import_panel.run.isEnabled()
    window.open(case_folder)  # not now
    assert runner.is_running
    window.parts.cancel.click()
    assert "Cancelled" in window.parts.job_words.text()
    assert not window.parts.cancel.isVisible()
    assert window.parts.import_panel.run.isEnabled()
    assert window.parts.rail.states[Step.PRIOR] == StepState.DONE
    assert layers(window) == ALL


def test_a_failed_run_is_a_sentence_and_the_case_stays(
    open_window: Open, runner: FakeRunner, case_folder: Path
) -> None:
    window = open_window(case_folder)
    window.analyse()
    runner.fail("It fell.", "Lift it.", "Traceback")
    bar = window.parts.error_bar
    assert bar.isVisible()
    assert (bar.sentence.text(), bar.advice.text(), bar.details) == ("It fell.", "Lift it.", "Traceback")
    assert layers(window) == ALL
    assert window.parts.import_panel.run.isEnabled()


def test_a_scan_that_cannot_be_read_leaves_the_window_empty(
    open_window: Open, runner: FakeRunner, case_folder: Path, tmp_path: Path
) -> None:
    window = open_window(case_folder)
    window.open(tmp_path / "bad.nii")
    runner.fail("The file is empty.", "Choose another.", "")
    assert layers(window) == []
    assert not window.parts.import_panel.run.isEnabled()
    assert window.parts.error_bar.isVisible()
    assert window.parts.centre.currentWidget() is window.parts.empty_page
    assert set(window.parts.rail.states.values()) == {StepState.NOT_YET}
    window.open(case_folder)
    assert not window.parts.error_bar.isVisible()
    assert layers(window) == ALL


@pytest.mark.parametrize("name", ["case.json", "scan.nii.gz"])
def test_a_damaged_case_is_a_sentence(open_window: Open, tmp_path: Path, case_folder: Path, name: str) -> None:
    window = open_window(case_folder)
    folder = make_case(tmp_path / "case")
    damage(folder, name)
    window.open(folder)
    assert "is not a case folder" in window.parts.error_bar.sentence.text()
    assert layers(window) == []
    assert "Doe" not in words(window)


def test_a_gate_is_accepted_on_the_same_case(open_window: Open, runner: FakeRunner, tmp_path: Path) -> None:
    folder = make_case(tmp_path / "case", "withheld")
    window = open_window(folder)
    window.parts.diagnosis_panel.accept_buttons["registration"].click()
    request = runner.asked[0][1]
    assert (request.source, request.out, request.resume) == (folder, folder, True)
    assert request.accept_gates == ("registration",)


def test_a_fault_of_the_program_is_said_and_the_window_lives(
    open_window: Open, case_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(case_folder)
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    show_faults_in(window)
    try:
        raise KeyError("planted")
    except KeyError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert "planted" in capsys.readouterr().err
    assert "failed unexpectedly" in window.parts.error_bar.sentence.text()
    assert "planted" in window.parts.error_bar.details
    window.show_step(Step.PRIOR)
    assert window.parts.prior_panel.isVisible()


def test_steps_have_keys(qtbot: QtBot, open_window: Open, case_folder: Path) -> None:
    window = open_window(case_folder)
    with qtbot.waitActive(window):
        window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.parts.scan_panel.isVisible)
    QTest.keyClick(window, Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.parts.report_panel.isVisible)
    assert "There is no report yet" in words(window)


def test_closing_ends_the_worker_and_remembers_the_place(
    qtbot: QtBot, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    runner = FakeRunner()
    window = load(None, settings, runner)
    forget(window)
    assert runner.was_shut_down
    assert settings.geometry is not None


def test_without_a_case_the_window_says_what_to_do(open_window: Open) -> None:
    window = open_window(None)
    window._forget_case()
    window.show_step(Step.OPEN)
    assert window.parts.centre.currentWidget() is window.parts.empty_page
    assert not window.parts.import_panel.run.isEnabled()


def test_nan_in_the_scan_is_said_in_words(open_window: Open, case_folder: Path) -> None:
    window = open_window(case_folder)
    window.show_space("mni")
    assert window.canvas is not None
    assert np.isnan(window.canvas.model.layers["Scan"].data[0, 0, 0])
    assert "outside the brain" in window.canvas._words_at(window.canvas.model.layers["Scan"].data_to_world((0, 0, 0)))


def test_boxes_stream_onto_the_image(open_window: Open, runner: FakeRunner, case_folder: Path) -> None:
    window = open_window(case_folder)
    assert window.canvas is not None
    window.analyse()
    record = read_case(case_folder).record.boxes[0]
    corners = record.native_corners_mm
    runner.progressed.emit(Progress(Stage.LOCALIZE, 0.2, "Looked at slice 2 of 9", (record.box(),), (corners,)))
    assert len(window.canvas._boxes) == 1
    assert window.canvas.shown.visible == {"image", "boxes"}
    runner.progressed.emit(Progress(Stage.LOCALIZE, 0.3, "Looked at slice 3 of 9", (record.box(),), (corners,)))
    assert len(window.canvas._boxes) == 2
    window.parts.cancel.click()
    assert len(window.canvas._boxes) == 9
