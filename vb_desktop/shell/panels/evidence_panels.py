"""Steps before the diagnosis: what was read, what the priors say."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from vb_desktop.pipeline.case import Identity, Scan, Volume
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.shell import labels
from vb_desktop.shell.language import say, translate
from vb_desktop.shell.panels import case_words as words
from vb_desktop.shell.panels.gate_labels import gate_labels
from vb_desktop.shell.screen_words import named, say_record

_IMPORT = "scan_import."


def _of_import(case: Case) -> list[str]:
    return [say_record(remark) for remark in case.record.remarks if remark.id.startswith(_IMPORT)]


class _Panel(QWidget):
    def __init__(self, name: str, nothing: str) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._name, self._nothing = name, nothing
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 10, 12, 10)
        self._column.setSpacing(6)
        self.show_nothing()

    def text(self) -> str:
        """Everything that the panel says."""
        return "\n".join(label.text() for label in self.findChildren(QLabel))

    def show_nothing(self) -> None:
        """No case."""
        self._begin()
        self._add(labels.body(self._nothing))
        self._column.addStretch()

    def _begin(self) -> None:
        labels.clear(self._column)
        self._add(labels.title(self._name))

    def _add(self, label: QLabel) -> None:
        self._column.addWidget(label)


class ScanPanel(_Panel):
    """The scan as read: size, technique, remarks of the import."""

    def __init__(self) -> None:
        super().__init__(named("Scan"), translate("Evidence", "No scan is open."))

    def show_scan(self, scan: Scan) -> None:
        """A scan that was read and not analysed yet."""
        self._show(scan.volume, scan.technique, [say(remark) for remark in scan.remarks], scan.identity)

    def show_case(self, case: Case, volume: Volume) -> None:
        """The scan of a case."""
        self._show(volume, case.record.technique, _of_import(case), case.identity)
        if case.record.gates:
            self._column.takeAt(self._column.count() - 1)  # the stretch
            self._add(labels.heading(self.tr("QUALITY GATES")))
            for label in gate_labels(case.record.gates):
                self._add(label)
            self._column.addStretch()

    def _show(self, volume: Volume, technique: dict[str, object], remarks: list[str], identity: Identity) -> None:
        self._begin()
        i, j, k = volume.voxels.shape
        edges = " × ".join(f"{edge:.2f}" for edge in volume.spacing)
        self._add(labels.body(self.tr("{grid} voxels of {edges} mm").format(grid=f"{i} × {j} × {k}", edges=edges)))
        for remark in remarks:
            self._add(labels.note(remark, "attention"))
        self._add(labels.heading(self.tr("ACQUISITION")))
        if identity.institution:
            self._add(labels.quiet(self.tr("Institution: {name}").format(name=identity.institution)))
        for key, value in technique.items():
            self._add(labels.quiet(f"{words.technique_name(key)}: {value}"))
        if not technique:
            self._add(labels.quiet(self.tr("The file says nothing of how the scan was acquired.")))
        self._column.addStretch()


class PriorPanel(_Panel):
    """The localised region: measured, with what it is not."""

    def __init__(self) -> None:
        super().__init__(named("Prior"), translate("Evidence", "No prior yet: analyse a scan first."))

    def show_case(self, case: Case) -> None:
        """The priors of a case."""
        self._begin()
        rows = words.measurement_rows(case.record.measurements)
        if not case.record.boxes_in_force:
            self._add(labels.body(self.tr("No box was marked, so there is no prior.")))
        elif not rows:
            self._add(labels.body(self.tr("Nothing was measured.")))
        for name, value, method in rows:
            self._add(labels.body(f"{name}: {value}"))
            self._add(labels.quiet(method))
        if rows:
            self._add(labels.note(words.region_words(), "attention"))
        self._column.addStretch()
