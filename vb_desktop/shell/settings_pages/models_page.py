"""The models: which there are, whether they are sound, which one is used, and adding one."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
)

from vb_desktop.pipeline.errors import VBError
from vb_desktop.pipeline.install_model import install_model
from vb_desktop.pipeline.models import ModelStatus, list_models, user_models_folder, verify_models
from vb_desktop.shell import labels
from vb_desktop.shell.language import current, translate
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.settings_pages.page import SettingsPage, Task


class ModelsPage(SettingsPage):
    """List, check and install models; choose the diagnoser and the detector."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(translate("ModelsPage", "Models"), settings)
        self.words = {
            "present": self.tr("present"),
            "ok": self.tr("hash as it should be"),
            "changed": self.tr("changed: refused"),
            "missing": self.tr("missing"),
        }
        found = list_models()
        for kind, key, name in (
            ("diagnoser", "models/diagnoser", self.tr("Diagnoser")),
            ("localizer", "models/detector", self.tr("Slice detector")),
        ):
            names = [model.name for model in found if model.kind == kind]
            options = {"": self.tr("As installed"), **{name: name for name in dict.fromkeys(names)}}
            self.choice(name, options, settings.text(key), partial(settings.set_text, key))
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.tr("Installed models"))
        self.list.setHeaderLabels([self.tr("Model"), self.tr("State"), self.tr("Where from")])
        self.list.setRootIsDecorated(False)
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.column.addWidget(self.list, stretch=1)
        self.verify = QPushButton(self.tr("Compute the hashes anew"))
        self.install = QPushButton(self.tr("Install a model…"))
        folder = QPushButton(self.tr("Show the folder"))
        self.verify.clicked.connect(self.verify_all)
        self.install.clicked.connect(self._choose)
        folder.clicked.connect(_show_folder)
        row = QHBoxLayout()
        for button in (self.verify, self.install, folder):
            row.addWidget(button)
        row.addStretch()
        self.column.addLayout(row)
        self.answer = labels.note("", "quiet")
        self.answer.hide()
        self.column.addWidget(self.answer)
        self.say(
            self.tr(
                "A model is a folder with weights (safetensors) and its card, and is refused when the hash differs. "
                "An installed one comes before the shipped one of the same name."
            )
        )
        self._task = Task(self)
        self._task.done.connect(self._done)
        self._show(found)

    def verify_all(self) -> None:
        """Compute the hashes anew, beside the window."""
        self._working(self.tr("Computing the hashes…"))
        self._task.start(verify_models)

    def add(self, source: Path) -> None:
        """Install a model, beside the window.

        Args:
            source: its model.json, its folder or a zip of it.
        """
        self._working(self.tr("Checking the model…"))
        self._task.start(lambda: install_model(source, None))

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("The model's card or a zip of the model"), str(Path.home()),
            self.tr("Models (model.json *.zip)"),
        )  # fmt: skip
        if name:
            self.add(Path(name))

    def _working(self, words: str) -> None:
        for button in (self.verify, self.install):
            button.setEnabled(False)
        self._answer(words, "quiet")

    def _done(self, result: object) -> None:
        for button in (self.verify, self.install):
            button.setEnabled(True)
        if isinstance(result, VBError):
            self._answer(f"{result.sentence(current())} {result.advice(current())}".strip(), "refusal")
        elif isinstance(result, Exception):
            self._answer(f"{type(result).__name__}: {result}", "refusal")
        elif isinstance(result, list):
            self._show(result)
            bad = sum(model.state in ("changed", "missing") for model in result)
            said = self.tr("{n} of {all} are missing or changed.").format(n=bad, all=len(result))
            self._answer(said if bad else self.tr("All are as they should be."), "refusal" if bad else "good")
        else:
            self._show(list_models())
            self._answer(self.tr("Installed; the next run uses it."), "good")

    def _answer(self, words: str, kind: str) -> None:
        self.answer.setProperty("kind", kind)
        self.answer.style().polish(self.answer)
        self.answer.setText(words)
        self.answer.show()

    def _show(self, models: list[ModelStatus]) -> None:
        self.list.clear()
        for model in models:
            item = QTreeWidgetItem([model.name, self.words[model.state], model.source])
            item.setToolTip(0, "\n".join(part for part in (model.kind, model.note, model.sha256) if part))
            self.list.addTopLevelItem(item)


def _show_folder() -> None:
    user_models_folder().mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(user_models_folder())))
