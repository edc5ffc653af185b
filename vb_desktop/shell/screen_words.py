"""What things of the program are called on the screen, in the window's language."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from napari_plugin.names import box_source
from vb_desktop.pipeline.case_record import MessageRecord
from vb_desktop.pipeline.messages import Message
from vb_desktop.shell.language import QT_TRANSLATE_NOOP, current, say, translate

_NAMES = {
    "Open": QT_TRANSLATE_NOOP("Names", "Open"),
    "Scan": QT_TRANSLATE_NOOP("Names", "Scan"),
    "Processed": QT_TRANSLATE_NOOP("Names", "Processed"),
    "Boxes": QT_TRANSLATE_NOOP("Names", "Boxes"),
    "Prior": QT_TRANSLATE_NOOP("Names", "Prior"),
    "Coarse prior": QT_TRANSLATE_NOOP("Names", "Coarse prior"),
    "Refined prior": QT_TRANSLATE_NOOP("Names", "Refined prior"),
    "Grad-CAM": QT_TRANSLATE_NOOP("Names", "Grad-CAM"),
    "Diagnosis": QT_TRANSLATE_NOOP("Names", "Diagnosis"),
    "Report": QT_TRANSLATE_NOOP("Names", "Report"),
    "Scan alone": QT_TRANSLATE_NOOP("Names", "Scan alone"),
    "not yet": QT_TRANSLATE_NOOP("Names", "not yet"),
    "running": QT_TRANSLATE_NOOP("Names", "running"),
    "done": QT_TRANSLATE_NOOP("Names", "done"),
    "update needed": QT_TRANSLATE_NOOP("Names", "update needed"),
    "attention": QT_TRANSLATE_NOOP("Names", "attention"),
    "passed": QT_TRANSLATE_NOOP("Names", "passed"),
    "refused": QT_TRANSLATE_NOOP("Names", "refused"),
    "Axial": QT_TRANSLATE_NOOP("Names", "Axial"),
    "Coronal": QT_TRANSLATE_NOOP("Names", "Coronal"),
    "Sagittal": QT_TRANSLATE_NOOP("Names", "Sagittal"),
    "Four views": QT_TRANSLATE_NOOP("Names", "Four views"),
    "Auto": QT_TRANSLATE_NOOP("Names", "Auto"),
    "Full range": QT_TRANSLATE_NOOP("Names", "Full range"),
    "Narrow": QT_TRANSLATE_NOOP("Names", "Narrow"),
    "Wide": QT_TRANSLATE_NOOP("Names", "Wide"),
    "right": QT_TRANSLATE_NOOP("Names", "right"),
    "left": QT_TRANSLATE_NOOP("Names", "left"),
    "anterior": QT_TRANSLATE_NOOP("Names", "anterior"),
    "posterior": QT_TRANSLATE_NOOP("Names", "posterior"),
    "superior": QT_TRANSLATE_NOOP("Names", "superior"),
    "inferior": QT_TRANSLATE_NOOP("Names", "inferior"),
    "top": QT_TRANSLATE_NOOP("Names", "top"),
    "bottom": QT_TRANSLATE_NOOP("Names", "bottom"),
}
"""Names that the program itself uses as keys."""
_CLASS_LIST = ("glioma", "pcnsl", "germinoma", "other")


def named(key: str) -> str:
    """A step, a state, a layer, a plane or a window as the reader's language calls it; itself where it is unknown."""
    return translate("Names", _NAMES[key]) if key in _NAMES else key


def class_name(class_: str) -> str:
    """A class within a sentence."""
    return say(Message(f"report.class.in_text.{class_}")) if class_ in _CLASS_LIST else class_


def say_record(record: MessageRecord) -> str:
    """A sentence that a case keeps, with its classes in the window's language too."""
    params = record.params
    if current() != "en":
        params = {name: class_name(value) if value in _CLASS_LIST else value for name, value in params.items()}
    return say(Message(record.id, params))


def short_path(folder: Path) -> str:
    """With the home folder as ~."""
    home = Path.home()
    return f"~/{folder.relative_to(home).as_posix()}" if folder.is_relative_to(home) else str(folder)


def source_name(source: str, vlm: Mapping[str, Any] | None = None) -> str:
    """Where boxes come from.

    Args:
        source: as `Box.source`.
        vlm: the section `vlm` of the run's settings; its `model`, where there is one, is named.
    """
    if current() != "en" and source in ("builtin", "reader"):
        return say(Message(f"report.source.{source}"))
    if source == "openai":
        return translate("Names", "VLM server {model}").format(model=(vlm or {}).get("model") or "").strip()
    return box_source(source, vlm)
