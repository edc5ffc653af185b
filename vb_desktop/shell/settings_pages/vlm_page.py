"""Which backend marks the boxes, and whether it answers."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QPushButton

from vb_desktop.pipeline.config import VlmConfig
from vb_desktop.pipeline.errors import ModelRefused, VBError
from vb_desktop.shell import labels
from vb_desktop.shell.language import current, say, translate
from vb_desktop.shell.run_config import vlm_config
from vb_desktop.shell.settings import Settings
from vb_desktop.shell.settings_pages.page import SettingsPage, Task


class VlmPage(SettingsPage):
    """Backend of the boxes with a check of its connection."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(translate("VlmPage", "Boxes (VLM)"), settings)
        options = {
            "": self.tr("Built-in detector (offline, not a VLM)"),
            "qwen3-vl": self.tr("Qwen3-VL on this machine"),
            "openai": self.tr("Server (OpenAI protocol: vLLM, llama.cpp, Ollama)"),
        }
        self.backend = self.choice(self.tr("Backend"), options, settings.text("vlm/backend"), self._keep_backend)
        self.model = self.line(self.tr("Model"), "vlm/model")
        self.url = self.line(self.tr("Address"), "vlm/url", "http://127.0.0.1:8000/v1")
        self.consent = self.check(
            self.tr("Slices may be sent to a server that is not this machine (pixels only, no identity)"),
            settings.text("vlm/allow_remote") == "true",
            lambda on: settings.set_text("vlm/allow_remote", "true" if on else ""),
        )
        self.explain = labels.quiet()
        self.column.addWidget(self.explain)
        self.test = QPushButton(self.tr("Check the connection"))
        self.test.clicked.connect(self.check_connection)
        self.column.addWidget(self.test)
        self.answer = labels.note("", "quiet")
        self.answer.hide()
        self.column.addWidget(self.answer)
        self.column.addStretch()
        self.changed.connect(self._show)
        self._task = Task(self)
        self._task.done.connect(self._said)
        self._show()

    def check_connection(self) -> None:
        """Ask the backend beside the window whether it works."""
        config = vlm_config(self.settings)
        if config.backend == "openai" and not config.url:
            self._answer(self.tr("Give the address of the server first."), "attention")
            return
        self.test.setEnabled(False)
        self._answer(self.tr("Asking…"), "quiet")
        self._task.start(lambda: check_backend(config))

    def _said(self, result: object) -> None:
        self.test.setEnabled(True)
        if isinstance(result, VBError):
            self._answer(f"{result.sentence(current())} {result.advice(current())}".strip(), "refusal")
        elif isinstance(result, Exception):
            self._answer(f"{type(result).__name__}: {result}", "refusal")
        else:
            self._answer(str(result), "good")

    def _answer(self, words: str, kind: str) -> None:
        self.answer.setProperty("kind", kind)
        self.answer.style().polish(self.answer)
        self.answer.setText(words)
        self.answer.show()

    def _keep_backend(self, backend: str) -> None:
        self.settings.set_text("vlm/backend", backend)

    def _show(self) -> None:
        backend = self.settings.text("vlm/backend")
        self.form.setRowVisible(self.model, backend != "")
        self.form.setRowVisible(self.url, backend == "openai")
        self.consent.setVisible(backend == "openai")
        self.test.setText(self.tr("Check the connection") if backend == "openai" else self.tr("Check the model"))
        self.answer.hide()
        self.explain.setText(
            {
                "qwen3-vl": self.tr(
                    "A folder with the weights, or the name of a model on the hub, which the first run fetches. "
                    "It needs a graphics card to be quick."
                ),
                "openai": self.tr(
                    "The name under which the server offers its model, and its address. A server on this machine "
                    "needs no consent; each run that sends slices elsewhere is written into the case's log."
                ),
            }.get(backend, self.tr("It ships with the program and needs neither network nor graphics card."))
        )


def check_backend(config: VlmConfig) -> str:
    """Whether a backend works, in words.

    Raises:
        VBError: it does not: why, and what to do.
    """
    if config.backend == "openai":
        from vb_desktop.pipeline.tumor_localizer.vlm_openai import check_server

        return say(check_server(config))
    if config.backend == "qwen3-vl":
        return _check_weights(config.model)
    from vb_desktop.pipeline.models import file_hash, find_model

    model = find_model(config.detector)
    if not model.weights.is_file() or file_hash(model.weights) != model.sha256:
        raise ModelRefused("model.hash", name=config.detector)
    return translate("VlmPage", "The detector is there, and its weights are as its card says.")


def _check_weights(model: str) -> str:
    folder = Path(model).expanduser()
    if not model or not folder.is_dir():
        return translate("VlmPage", "This is the name of a model on the hub: the first run fetches its weights.")
    weights = list(folder.glob("*.safetensors"))
    if not weights or not (folder / "config.json").is_file():
        raise FileNotFoundError(
            translate("VlmPage", "{folder} holds no config.json with *.safetensors beside it").format(folder=folder)
        )
    size = sum(file.stat().st_size for file in weights) / 2**30
    return translate("VlmPage", "The folder holds {n} files of weights, {size} GB.").format(
        n=len(weights), size=f"{size:.1f}"
    )
