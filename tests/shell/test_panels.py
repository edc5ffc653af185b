"""Panels: what they say in each state, and what they ask."""

from __future__ import annotations

from pathlib import Path

import pytest
from phantom_case import make_case
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot
from reportlab.pdfgen.canvas import Canvas

from vb_desktop.cli.settings_flags import ACCURATE, FAST
from vb_desktop.pipeline.case import CLASSES, Identity
from vb_desktop.pipeline.case_folder import Case, read_case
from vb_desktop.pipeline.case_record import DiagnosisRecord, GateRecord, MeasurementRecord, MessageRecord
from vb_desktop.pipeline.progress import Progress, Stage
from vb_desktop.shell.error_bar import ErrorBar
from vb_desktop.shell.panels import case_words
from vb_desktop.shell.panels.boxes_panel import BoxesPanel
from vb_desktop.shell.panels.diagnosis_panel import DiagnosisPanel
from vb_desktop.shell.panels.evidence_panels import ScanPanel
from vb_desktop.shell.panels.import_panel import ImportPanel
from vb_desktop.shell.panels.probability_bars import percent
from vb_desktop.shell.panels.progress_panel import ProgressPanel
from vb_desktop.shell.panels.report_panel import ReportPanel
from vb_desktop.shell.patient_banner import PatientBanner
from vb_desktop.shell.run_config import QUALITIES
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.steps_rail import Step, StepsRail, StepState


@pytest.fixture
def panel(qtbot: QtBot) -> DiagnosisPanel:
    made = DiagnosisPanel()
    qtbot.addWidget(made)
    return made


def case(tmp_path: Path, status: str = "done", **changes: object) -> Case:
    return read_case(make_case(tmp_path / "case", status, **changes))


def test_a_diagnosis_is_said_with_its_doubt(panel: DiagnosisPanel, tmp_path: Path) -> None:
    panel.show_case(case(tmp_path))
    said = panel.text()
    assert "PCNSL (CNS lymphoma) 71 % (in the prediction set)" in said
    assert "Germinoma 6 %\n" in said
    assert "The model can't decide between PCNSL (CNS lymphoma) and Glioma on this case." in said
    assert "The case resembles the training data." in said
    assert "62 % of the Grad-CAM for PCNSL (CNS lymphoma) lies in the localised region." in said
    assert "Demonstration model, trained on synthetic cases: not for clinical use." in said
    assert "built-in detector, not a VLM" in said
    assert "12.4 mL" in said
    assert "not a segmentation" in said
    assert said.index("PCNSL (CNS lymphoma) 71") < said.index("Glioma 20")


def test_what_speaks_against_trusting_it_is_said(panel: DiagnosisPanel, tmp_path: Path) -> None:
    diagnosis = DiagnosisRecord(
        classes=dict.fromkeys(CLASSES, 0.25),
        set90=["glioma"],
        abstain=False,
        ood={"state": "out"},
        cam_in_prior={},
        remarks=[MessageRecord(id="case.demo_model"), MessageRecord(id="case.research_use")],
    )
    panel.show_case(case(tmp_path, diagnosis=diagnosis))
    assert "The 90 % prediction set holds one class: Glioma." in panel.text()
    assert "unlike the training data" in panel.text()
    assert panel.text().count("Demonstration model") == 1
    assert "Research use only" in panel.text()


def test_an_abstention_names_its_reason(panel: DiagnosisPanel, tmp_path: Path) -> None:
    diagnosis = DiagnosisRecord(
        classes=dict.fromkeys(CLASSES, 0.25), set90=["other"], abstain=True, ood={"state": "out"}, cam_in_prior={}
    )
    panel.show_case(case(tmp_path, diagnosis=diagnosis))
    assert "The model abstains: the case is unlike its training data." in panel.text()
    assert "90 % prediction set: Other rare tumour." in panel.text()


def test_remarks_and_gates_stand_at_the_step_they_speak_of(qtbot: QtBot, tmp_path: Path) -> None:
    message = MessageRecord(id="case.research_use")
    gate = GateRecord(id="g", state="amber", value=1, threshold=2, message=message)
    known = case(tmp_path, gates=[gate], remarks=[MessageRecord(id="case.demo_model")])
    scan, boxes = ScanPanel(), BoxesPanel()
    qtbot.addWidget(scan)
    qtbot.addWidget(boxes)
    volume = known.volume("scan")
    assert volume is not None
    scan.show_case(known, volume)
    boxes.show_case(known)
    assert "Attention: Research use only" in scan.text()
    assert "36 × 44 × 32 voxels of 3.00 × 3.00 × 4.00 mm" in scan.text()
    assert "Demonstration model" not in scan.text()
    assert "Demonstration model" in boxes.text()


def test_no_tumour_found_shows_no_class(panel: DiagnosisPanel, tmp_path: Path) -> None:
    panel.show_case(case(tmp_path, "no_tumour_found"))
    said = panel.text()
    assert "No tumour was found." in said
    assert "32 axial slices were looked at." in said
    assert "%" not in said
    assert "Glioma" not in said


def test_a_withheld_diagnosis_can_be_accepted_by_gate(qtbot: QtBot, panel: DiagnosisPanel, tmp_path: Path) -> None:
    panel.show_case(case(tmp_path, "withheld"))
    assert "withheld" in panel.text()
    assert "Glioma" not in panel.text()
    assert "Refused: Research use only" in panel.text()
    with qtbot.waitSignal(panel.gate_accepted) as caught:
        panel.accept_buttons["registration"].click()
    assert caught.args == ["registration"]


def test_a_withheld_diagnosis_is_not_shown_even_if_it_is_recorded(panel: DiagnosisPanel, tmp_path: Path) -> None:
    known = read_case(make_case(tmp_path / "done")).record.diagnosis
    panel.show_case(case(tmp_path, "withheld", diagnosis=known))
    assert panel.bars is None
    assert "71" not in panel.text()


def test_a_partial_case_says_so(panel: DiagnosisPanel, tmp_path: Path) -> None:
    panel.show_case(case(tmp_path, "partial"))
    assert "The run ended before the diagnosis" in panel.text()
    panel.show_nothing()
    assert "No diagnosis yet" in panel.text()
    assert "ended before" not in panel.text()


def test_gates_are_words() -> None:
    message = MessageRecord(id="case.research_use")
    gate = GateRecord(id="g", state="red", value=1, threshold=2, message=message, accepted_by="reader")
    assert case_words.gate_line(gate) == "Refused (accepted by reader): Research use only, not a substitute for biopsy."
    amber = gate.model_copy(update={"state": "amber", "accepted_by": None})
    assert case_words.gate_line(amber).startswith("Attention: ")


@pytest.mark.parametrize(
    ("id_", "value", "unit", "words"),
    [
        ("volume", 12.43, "mL", "12.4 mL"),
        ("diameter_long", 31.4, "mm", "31 mm"),
        ("axes", [31.4, 24.2, 20.0], "mm", "31 × 24 × 20 mm"),
        ("side", {"side": "left", "crosses_midline": True}, "", "left, crosses the midline"),
        ("location", {"native_mm": [-12.2, 4.0, 20.6], "label": "x"}, "mm", "L 12  A 4  S 21 mm"),
        ("regions", 2, "", "2"),
        ("midline_distance", "not_assessed", "mm", "not assessed"),
        ("midline_distance", None, "mm", "not assessed"),
    ],
)
def test_measurements_have_units_and_sensible_digits(id_: str, value: object, unit: str, words: str) -> None:
    record = MeasurementRecord(id=id_, value=value, unit=unit, method="how")
    assert [(said, how) for _, said, how in case_words.measurement_rows([record])] == [(words, "how")]


@pytest.mark.parametrize(
    ("value", "words"), [(0.0, "0 %"), (0.001, "< 1 %"), (0.784, "78 %"), (0.9991, "> 99 %"), (1.0, "100 %")]
)
def test_percent(value: float, words: str) -> None:
    assert percent(value) == words


def test_import_panel_gives_the_settings_that_its_choices_mean(qtbot: QtBot, settings: Settings) -> None:
    panel = ImportPanel(settings)
    qtbot.addWidget(panel)
    assert str(settings.cases_folder) in panel.cases.text()
    assert panel.config().flat() == panel.config().changed(**QUALITIES["fast"]).flat()
    panel.space.setCurrentText("Skull already stripped")
    panel.quality.setCurrentIndex(1)
    config = panel.config()
    assert config.input.space == "skull-stripped"
    assert (config.skull_stripping.folds, config.skull_stripping.mirroring) == (5, True)


def test_fast_and_accurate_are_those_of_the_command_line() -> None:
    ours = [{key.replace("__", "."): value for key, value in choice.items()} for choice in QUALITIES.values()]
    assert ours == [FAST, ACCURATE]


def test_analyse_is_offered_only_with_a_scan(qtbot: QtBot, settings: Settings) -> None:
    panel = ImportPanel(settings)
    qtbot.addWidget(panel)
    assert not panel.run.isEnabled()
    panel.show_opened("A scan", can_analyse=True, space="mni")
    assert panel.config().input.space == "mni"
    with qtbot.waitSignal(panel.analysis_requested):
        panel.run.click()
    panel.set_running(True)
    assert not panel.run.isEnabled()
    assert not panel.open_file.isEnabled()


def test_progress_shows_real_fractions_or_that_it_is_busy(qtbot: QtBot) -> None:
    panel = ProgressPanel()
    qtbot.addWidget(panel)
    panel.begin()
    panel.show_progress(Progress(Stage.OPEN, None, "Reading"))
    assert (panel.bar.minimum(), panel.bar.maximum()) == (0, 0)
    panel.show_progress(Progress(Stage.PROCESS, 0.25, "Brain extraction"))
    assert panel.bar.value() / panel.bar.maximum() == 0.25
    assert panel.words() == "Standardise: brain, bias field, template: Brain extraction (25%)"
    assert panel._rows[Stage.OPEN].mark.text() == "✓"
    with qtbot.waitSignal(panel.cancel_requested):
        panel.cancel.click()
    panel.end()


def test_banner_shows_who_it_is_and_always_the_research_badge(qtbot: QtBot) -> None:
    banner = PatientBanner()
    qtbot.addWidget(banner)
    banner.show()
    assert banner.research.isVisible()
    who = Identity(name="Doe^Jane", patient_id="4711", birth_date="1960-02-03", sex="F", study_date="2026-01-02")
    banner.show_identity(who, synthetic=True, demo_model=True, obliquity_deg=13.8)
    assert banner.patient.text() == "Doe^Jane   ID 4711   born 1960-02-03   sex F"
    assert "2026-01-02" in banner.study.text()
    assert banner.oblique.text() == "OBLIQUE BY 14°"
    assert banner.synthetic.isVisible()
    assert banner.demo_model.isVisible()
    banner.show_identity(Identity(), synthetic=False, demo_model=False, obliquity_deg=0.0)
    assert banner.patient.text() == "No identity in the file"
    assert not banner.oblique.isVisible()
    banner.show_nothing()
    assert "Doe" not in banner.patient.text() + banner.study.text()
    assert banner.research.isVisible()


def test_rail_says_states_in_words(qtbot: QtBot) -> None:
    rail = StepsRail()
    qtbot.addWidget(rail)
    for state in StepState:
        rail.set_state(Step.BOXES, state)
        assert rail.buttons[Step.BOXES].toolTip() == f"Boxes: {state}"
    with qtbot.waitSignal(rail.chosen) as caught:
        rail.buttons[Step.PRIOR].click()
    assert caught.args == [Step.PRIOR]


def test_error_bar_copies_its_details(qtbot: QtBot) -> None:
    bar = ErrorBar()
    qtbot.addWidget(bar)
    assert bar.isHidden()
    bar.show_error("It fell.", "Lift it.", "Traceback", "Choose another scan…")
    assert not bar.isHidden()
    bar.copy.click()
    assert QGuiApplication.clipboard().text() == "It fell.\nLift it.\n\nTraceback"
    with qtbot.waitSignal(bar.next_step_requested):
        bar.next_step.click()
    bar.show_error("word " * 200, "", "")
    assert len(bar.sentence.text()) < 300
    bar.copy.click()
    assert "word " * 200 in QGuiApplication.clipboard().text()


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    canvas = Canvas(str(path))
    for word in ("first", "second"):
        canvas.drawString(100, 500, word)
        canvas.showPage()
    canvas.save()
    return path


def test_the_report_is_previewed_saved_and_printed(qtbot: QtBot, pdf: Path, tmp_path: Path) -> None:
    panel = ReportPanel()
    qtbot.addWidget(panel)
    panel.show_report(None)
    assert not panel.save.isEnabled()
    panel.show_report(pdf)
    assert panel.document.pageCount() == 2
    assert panel.print.isEnabled()
    panel.save_to(tmp_path / "copy.pdf")
    assert (tmp_path / "copy.pdf").read_bytes() == pdf.read_bytes()
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setResolution(72)
    panel.print_on(printer)
    panel.show_report(tmp_path / "printed.pdf")
    assert panel.document.pageCount() == 2


def test_a_report_that_cannot_be_saved_is_a_sentence(qtbot: QtBot, pdf: Path, tmp_path: Path) -> None:
    panel = ReportPanel()
    qtbot.addWidget(panel)
    panel.show_report(pdf)
    with qtbot.waitSignal(panel.failed) as caught:
        panel.save_to(tmp_path / "nowhere" / "copy.pdf")
    assert "can't be written" in caught.args[0]
