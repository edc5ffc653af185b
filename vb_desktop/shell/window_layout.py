"""Where things are in the window: banner, rail, image, panel of the step, layers, status line."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from vb_desktop.shell import labels
from vb_desktop.shell.docks import Docks
from vb_desktop.shell.error_bar import ErrorBar
from vb_desktop.shell.language import translate
from vb_desktop.shell.panels.boxes_panel import BoxesPanel
from vb_desktop.shell.panels.diagnosis_panel import DiagnosisPanel
from vb_desktop.shell.panels.evidence_panels import PriorPanel, ScanPanel
from vb_desktop.shell.panels.import_panel import ImportPanel
from vb_desktop.shell.panels.layers_panel import LayersPanel
from vb_desktop.shell.panels.progress_panel import ProgressPanel
from vb_desktop.shell.panels.report_panel import ReportPanel
from vb_desktop.shell.patient_banner import PatientBanner
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.stale_bar import StaleBar
from vb_desktop.shell.start_page import StartPage
from vb_desktop.shell.steps_rail import StepsRail

_LEAST_SIDE = 300


class WindowLayout:
    """The widgets of the window, placed and not yet connected.

    Args:
        window: gets a central widget and a status bar.
        settings: comfort of the user.
    """

    def __init__(self, window: QMainWindow, settings: Settings) -> None:
        self.banner = PatientBanner()
        self.rail = StepsRail()
        self.error_bar = ErrorBar()
        self.stale_bar = StaleBar()
        self.import_panel = ImportPanel(settings)
        self.progress_panel = ProgressPanel()
        self.scan_panel = ScanPanel()
        self.boxes_panel = BoxesPanel()
        self.prior_panel = PriorPanel()
        self.diagnosis_panel = DiagnosisPanel()
        self.layers_panel = LayersPanel()
        self.report_panel = ReportPanel()
        self.loading_page = LoadingPage(
            translate("Window", "Loading the viewer…"), translate("Window", "The image appears in a few seconds.")
        )
        self.empty_page = StartPage(settings)
        self.centre = QStackedWidget()
        for widget in (self.loading_page, self.empty_page, self.report_panel):
            self.centre.addWidget(widget)
        self.side = QStackedWidget()
        self._place(window)
        self._status_line(window)

    def show_side(self, panel: QWidget) -> None:
        """Show a panel at the right."""
        scroll = panel.parent()
        while scroll is not None and not isinstance(scroll, QScrollArea):
            scroll = scroll.parent()
        if isinstance(scroll, QScrollArea):
            self.side.setCurrentWidget(scroll)

    def _place(self, window: QMainWindow) -> None:
        for panel in (
            self.import_panel,
            self.progress_panel,
            self.scan_panel,
            self.boxes_panel,
            self.prior_panel,
            self.diagnosis_panel,
        ):
            scroll = QScrollArea()
            scroll.setWidget(panel)
            scroll.setWidgetResizable(True)
            scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            scroll.setVerticalScrollBarPolicy(
                Qt.ScrollBarPolicy.ScrollBarAlwaysOn
            )  # so that the words keep their width
            self.side.addWidget(scroll)
        self.side.setMinimumWidth(_LEAST_SIDE)
        self.layers_panel.setMinimumWidth(_LEAST_SIDE)
        self.layers_panel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.docks = Docks(
            window, self.side, self.layers_panel, (translate("Window", "Step"), translate("Window", "Layers"))
        )
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.error_bar)
        middle.addWidget(self.stale_bar)
        middle.addWidget(self.centre, stretch=1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(middle, stretch=1)
        central = QWidget()
        central.setObjectName("page")
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, stretch=1)
        window.setMenuWidget(self.banner)  # over the docks, wherever they are
        window.setCentralWidget(central)

    def _status_line(self, window: QMainWindow) -> None:
        self.job_words = QLabel(translate("Window", "Ready"))
        self.cancel = QPushButton(translate("Window", "Cancel"))
        self.cancel.hide()
        self.pointed_at = QLabel()
        self.window_level = QLabel()
        self.window_level.setToolTip(
            translate("Window", "Window width and level of the greys: the scanner's own values, in MNI space z-scores")
        )
        bar = window.statusBar()
        bar.setSizeGripEnabled(False)
        bar.addWidget(self.job_words)
        bar.addWidget(self.cancel)
        bar.addPermanentWidget(self.window_level)
        bar.addPermanentWidget(self.pointed_at)


class Page(QWidget):
    """A page that says one thing in its middle."""

    def __init__(self, words: str, more: str) -> None:
        super().__init__()
        self.setObjectName("page")
        column = QVBoxLayout(self)
        column.addStretch()
        for label in (labels.title(words), labels.quiet(more)):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addStretch()


class LoadingPage(Page):
    """What is shown first.

    Signals:
        painted: once, when it can be seen; what takes long may start.
    """

    painted = Signal()
    _was_painted = False

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        """Tell it once."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self.painted.emit)
