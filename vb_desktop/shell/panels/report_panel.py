"""The report as it will be printed; save it, print it."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from vb_desktop.shell import labels
from vb_desktop.shell.screen_words import named

PRINT_DPI = 300


class ReportPanel(QWidget):
    """Preview of report.pdf.

    Signals:
        failed (str, str): the report could not be saved: sentence and next step.
    """

    failed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.path: Path | None = None
        self.document = QPdfDocument(self)
        self.view = QPdfView(self)
        self.view.setDocument(self.document)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.nothing = labels.body(self.tr("There is no report yet: analyse a scan first."))
        self.save = QPushButton(self.tr("Save as…"))
        self.print = QPushButton(self.tr("Print…"))
        self.print.setObjectName("primary")
        self.save.clicked.connect(self.choose_and_save)
        self.print.clicked.connect(self.choose_and_print)
        row = QHBoxLayout()
        row.setContentsMargins(10, 6, 10, 6)
        row.addWidget(labels.title(named("Report")), stretch=1)
        row.addWidget(self.save)
        row.addWidget(self.print)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.nothing)
        column.addWidget(self.view, stretch=1)
        self.show_report(None)

    def show_report(self, path: Path | None) -> None:
        """Show a PDF; None where there is none."""
        self.document.close()
        self.path = path if path is not None and path.is_file() else None
        there = self.path is not None and self.document.load(str(self.path)) == QPdfDocument.Error.None_
        self.view.setVisible(there)
        self.nothing.setVisible(not there)
        self.save.setEnabled(there)
        self.print.setEnabled(there)

    def save_to(self, target: Path) -> None:
        """Copy the report."""
        if self.path is None:
            return
        try:
            if target.resolve() != self.path.resolve():
                shutil.copyfile(self.path, target)
        except OSError as error:
            cause = (error.strerror or str(error)).rstrip(".")
            sentence = self.tr("The report can't be written to {target}: {cause}.").format(target=target, cause=cause)
            self.failed.emit(sentence, self.tr("Choose a folder that you may write to."))

    def choose_and_save(self) -> None:
        """Ask where to."""
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save the report"), "report.pdf", "PDF (*.pdf)")
        if name:
            self.save_to(Path(name))

    def choose_and_print(self) -> None:
        """Ask for a printer."""
        printer = QPrinter()
        printer.setResolution(PRINT_DPI)
        printer.setFullPage(True)
        dialog = QPrintDialog(printer, self)
        if dialog.exec():
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Paint each page in the middle of the paper, as large as fits."""
        painter = QPainter(printer)
        for page in range(self.document.pageCount()):
            if page:
                printer.newPage()
            paper = printer.pageLayout().paintRectPixels(printer.resolution())
            size = self.document.pagePointSize(page)
            factor = min(paper.width() / size.width(), paper.height() / size.height())
            pixels = QSize(int(size.width() * factor), int(size.height() * factor))
            corner = QPoint((paper.width() - pixels.width()) // 2, (paper.height() - pixels.height()) // 2)
            painter.drawImage(corner, self.document.render(page, pixels))
        painter.end()
