"""What can go wrong for a user: one sentence with its cause, the next step, and details apart.

"No tumour found" is a result, not an error.
"""

from __future__ import annotations

from typing import Any

from vb_desktop.pipeline.messages import Message, say, says


class VBError(Exception):
    """Root of the errors that a user can understand. Anything else is a fault of the program.

    Args:
        id_: message id; `id_ + ".advice"` is the next step.
        params: values that the two templates name.
    """

    resumable = False
    """Whether a run that ends with it keeps its draft, so that `--resume` goes on behind the stages that were done."""

    def __init__(self, id_: str, **params: Any) -> None:
        self.message = Message(id_, params)
        super().__init__(say(self.message))

    def sentence(self, language: str = "en") -> str:
        """What happened and why."""
        return say(self.message, language)

    def advice(self, language: str = "en") -> str:
        """What to do next; empty where there is nothing better than the sentence."""
        id_ = f"{self.message.id}.advice"
        return say(Message(id_, self.message.params), language) if says(id_) else ""

    def __reduce__(self) -> tuple[Any, ...]:  # crosses the pipe from the child process
        return _rebuild, (type(self), self.message.id, self.message.params)


def _rebuild(kind: type[VBError], id_: str, params: dict[str, Any]) -> VBError:
    return kind(id_, **params)


class UnreadableScan(VBError):
    """The input is not one readable 3D head MRI."""


class ProcessingFailed(VBError):
    """Brain extraction, bias correction or registration gave nothing that can be trusted."""


class LocalizationFailed(VBError):
    """The boxes or the priors could not be computed."""


class VlmFailed(LocalizationFailed):
    """A vision-language model or its server did not answer: another attempt, later, may go on."""

    resumable = True


class ModelRefused(VBError):
    """A model is missing, damaged, or not the one that its card describes."""


class CaseFolderError(VBError):
    """The case folder can't be read or written."""


class ExportFailed(VBError):
    """What was asked for can't leave the case."""


class PacsFailed(VBError):
    """An archive is not set up, does not answer, or refuses."""


class TrainingRefused(VBError):
    """A cohort, a checkpoint or an earlier run does not allow the training."""


class CohortError(VBError):
    """A cohort can't be understood, or can't be trained on."""


class ConfigError(VBError):
    """A setting is unknown or out of range."""


class UnknownPlugin(VBError):
    """No plug-in of that kind has that name."""
