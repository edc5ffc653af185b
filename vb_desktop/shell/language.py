"""The language of the window: Qt's translators for its own words, the pipeline's tables for its sentences."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

from vb_desktop.assets import asset
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.messages import say as say_in

LANGUAGES = {"en": "English", "zh": "简体中文"}
"""Code -> its name in itself."""
translate = QCoreApplication.translate


def QT_TRANSLATE_NOOP(_: str, text: str) -> str:  # the name that Qt's lupdate looks for
    """Mark a text of a table as one to be translated where it is shown.

    Args:
        _: context, as `translate` will be given it.
        text: in English.
    """
    return text


class _Chosen:
    """One application speaks one language."""

    code = "en"
    translators: tuple[QTranslator, ...] = ()


def use(code: str) -> None:
    """Speak a language; widgets that are there already keep their words.

    Args:
        code: a key of `LANGUAGES`; English for any other.
    """
    for translator in _Chosen.translators:
        QCoreApplication.removeTranslator(translator)
    _Chosen.code, _Chosen.translators = code if code in LANGUAGES else "en", ()
    if _Chosen.code == "zh":
        ours, qts = QTranslator(), QTranslator()
        ours.load(str(asset("translations/vb_desktop_zh.qm")))
        qts.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))  # dialogs of Qt's own
        _Chosen.translators = (ours, qts)
        for translator in _Chosen.translators:
            QCoreApplication.installTranslator(translator)


def current() -> str:
    """Code of the language that is spoken."""
    return _Chosen.code


def say(message: Message) -> str:
    """A sentence of the pipeline; English where it has no other."""
    return say_in(message, _Chosen.code)
