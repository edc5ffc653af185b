"""A monkey at the window: random events from a seed, and what it may not bring about: an exception, a hang, a leak."""

from __future__ import annotations

import gc
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QListWidget,
    QPlainTextEdit,
    QWidget,
)

from vb_desktop.pipeline.progress import Progress, Stage
from vb_desktop.shell.main_window import MainWindow
from vb_desktop.shell.steps_rail import Step

HANG_SECONDS = 5.0
"""Of the processor, for one event."""
KEYS = [
    *(getattr(Qt.Key, f"Key_F{n}") for n in (2, 3, 4, 5, 6, 7, 8, 9)),
    *(getattr(Qt.Key, f"Key_{n}") for n in range(1, 8)),
    Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right,
    Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Tab, Qt.Key.Key_Return,
]  # fmt: skip
CONTROL_KEYS = [
    *(getattr(Qt.Key, f"Key_{n}") for n in range(1, 7)), Qt.Key.Key_Z, Qt.Key.Key_D, Qt.Key.Key_I, Qt.Key.Key_Y,
]  # fmt: skip
MODIFIERS = [Qt.KeyboardModifier.NoModifier] * 4 + [
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
]
BUTTONS = [Qt.MouseButton.LeftButton] * 4 + [Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton]


class Monkey:
    """Plays with a window whose runner runs nothing.

    Args:
        window: with a canvas.
        cases: case folders that it opens.
        seed: of its will.
    """

    def __init__(self, window: MainWindow, cases: Sequence[Path], seed: int) -> None:
        self.window, self.cases, self.seed = window, list(cases), seed
        self.draw = random.Random(seed)
        self.errors: list[str] = []
        self.slow: list[str] = []
        self.done: Counter[str] = Counter()
        self.worst = 0.0
        self._last = ""
        self._closer = QTimer(window)
        self._closer.setInterval(20)
        self._closer.timeout.connect(_close_what_waits)
        self._ways: list[tuple[int, Callable[[], str]]] = [
            (14, self._mouse), (8, self._wheel), (10, self._key), (12, self._button), (5, self._slider),
            (4, self._combo), (4, self._list), (3, self._step), (2, self._open), (2, self._run), (1, self._resize),
            (1, self._type), (1, self._menu),
        ]  # fmt: skip

    def play(self, events: int, each: Callable[[int], None] = lambda _: None) -> None:
        """Do so many things.

        Args:
            events: how many.
            each: told after each.
        """
        weights = [weight for weight, _ in self._ways]
        with _errors_into(self._heard), _dialogs_refused():
            self._closer.start()
            for n in range(events):
                (way,) = self.draw.choices([way for _, way in self._ways], weights)
                began = time.process_time()
                try:
                    self._last = way()
                except RuntimeError as error:  # a widget that went while the monkey reached for it
                    self._last = f"{way.__name__}: {error}"
                    if "already deleted" not in str(error):
                        raise
                QApplication.processEvents()
                for dialog in self.window.findChildren(QDialog):
                    dialog.close()  # the settings are no place for a monkey: another language is another window
                QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
                took = time.process_time() - began
                self.worst = max(self.worst, took)
                if took > HANG_SECONDS:
                    self.slow.append(f"{took:.1f} s: {self._last}")
                self.done[way.__name__.strip("_")] += 1
                each(n)
            self._closer.stop()
        _close_what_waits()

    def _heard(self, text: str) -> None:
        self.errors.append(f"seed {self.seed}, after {sum(self.done.values())} events, {self._last}:\n{text}")

    # --- what it does -----------------------------------------------------------------------------------------------

    def _canvas(self) -> tuple[QWidget, QPoint] | None:
        canvas = self.window.canvas
        if canvas is None or not canvas.isVisible():
            return None
        view = self.draw.choice(canvas.grid.views())
        return view.canvas, self._point(view.canvas)

    def _point(self, widget: QWidget) -> QPoint:
        return QPoint(self.draw.randrange(max(widget.width(), 1)), self.draw.randrange(max(widget.height(), 1)))

    def _mouse(self) -> str:
        if (where := self._canvas()) is None:
            return self._step()
        widget, at = where
        button, modifiers = self.draw.choice(BUTTONS), self.draw.choice(MODIFIERS)
        QTest.mouseMove(widget, at)
        if self.draw.random() < 0.1:
            QTest.mouseDClick(widget, button, modifiers, at)
            return f"double click {at}"
        QTest.mousePress(widget, button, modifiers, at)
        for _ in range(self.draw.randrange(4)):
            QTest.mouseMove(widget, self._point(widget))
        if self.draw.random() < 0.1:
            QTest.keyClick(widget, self.draw.choice(KEYS))  # in the middle of a drag
        QTest.mouseRelease(widget, button, modifiers, self._point(widget))
        return f"drag {button} {modifiers}"

    def _wheel(self) -> str:
        if (where := self._canvas()) is None:
            return self._step()
        widget, at = where
        delta = self.draw.choice([-360, -120, 120, 360])
        event = QWheelEvent(
            QPointF(at), QPointF(widget.mapToGlobal(at)), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton,
            self.draw.choice(MODIFIERS), Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)
        return f"wheel {delta}"

    def _key(self) -> str:
        if self.draw.random() < 0.4:
            key = self.draw.choice(CONTROL_KEYS)
            shift = self.draw.random() < 0.4 and key == Qt.Key.Key_Z
            modifiers = Qt.KeyboardModifier.ControlModifier
            QTest.keyClick(self.window, key, modifiers | Qt.KeyboardModifier.ShiftModifier if shift else modifiers)
        else:
            key = self.draw.choice(KEYS)
            QTest.keyClick(QApplication.focusWidget() or self.window, key)
        return f"key {key}"

    def _button(self) -> str:
        button = self._one(QAbstractButton)
        if button is None:
            return "no button"
        name = f"button {button.text()!r}"
        button.click()
        return name

    def _slider(self) -> str:
        slider = self._one(QAbstractSlider)
        if slider is not None:
            slider.setValue(self.draw.randint(slider.minimum(), max(slider.minimum(), slider.maximum())))
        return f"slider {slider}"

    def _combo(self) -> str:
        combo = self._one(QComboBox)
        if combo is not None and combo.count():
            index = self.draw.randrange(combo.count())
            combo.setCurrentIndex(index)
            combo.activated.emit(index)
        return f"choice {combo}"

    def _list(self) -> str:
        shown = self._one(QListWidget)
        if shown is not None and shown.count():
            item = shown.item(self.draw.randrange(shown.count()))
            QTest.mouseClick(
                shown.viewport(), Qt.MouseButton.LeftButton, self.draw.choice(MODIFIERS),
                shown.visualItemRect(item).center(),
            )  # fmt: skip
        return f"list {shown}"

    def _step(self) -> str:
        step = self.draw.choice(list(Step))
        self.window.show_step(step)
        return f"step {step}"

    def _open(self) -> str:
        if self.draw.random() < 0.3:
            self.window.show_space(self.draw.choice(["native", "mni"]))
            return "space"
        folder = self.draw.choice(self.cases)
        self.window.open(folder)
        return f"open {folder.name}"

    def _run(self) -> str:
        """What the worker might tell; it is told only while it runs."""
        runner: Any = self.window.runner
        if not runner.is_running:
            self.window.analyse()
            return "analyse"
        what = self.draw.choice(["progress", "progress", "end", "fail", "cancel"])
        if what == "progress":
            runner.progressed.emit(Progress(self.draw.choice(list(Stage)), self.draw.random(), "working"))
        elif what == "end":
            runner.end_with(self.draw.choice(self.cases))
        elif what == "fail":
            runner.fail("It fell.", "Lift it.", "details")
        else:
            runner.cancel()
        return f"worker: {what}"

    def _resize(self) -> str:
        size = self.draw.randrange(800, 1500), self.draw.randrange(500, 950)
        self.window.resize(*size)
        return f"size {size}"

    def _type(self) -> str:
        edit = self._one(QPlainTextEdit)
        if edit is not None:
            QTest.keyClicks(edit, self.draw.choice(["ring", "%s {0}", "deep; left"]))
        return "typing"

    def _menu(self) -> str:
        if (where := self._canvas()) is None:
            return self._step()
        widget, at = where
        QApplication.sendEvent(widget, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, widget.mapToGlobal(at)))
        return "context menu"

    def _one(self, kind: type[Any]) -> Any:
        """A widget of this kind that a hand could reach, in an order that does not depend on where memory lies."""
        found = [w for w in self.window.findChildren(kind) if w.isVisible() and w.isEnabled()]
        return self.draw.choice(found) if found else None


def memory_mb() -> float:
    """Of this process, after tidying up."""
    for _ in range(3):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
    return float(psutil.Process().memory_info().rss) / 2**20


def widgets() -> int:
    """How many there are."""
    return len(QApplication.allWidgets())


def _close_what_waits() -> None:
    """A menu or dialog that waits for an answer gets none."""
    for waiting in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
        if waiting is not None:
            waiting.close()


@contextmanager
def _errors_into(tell: Callable[[str], None]) -> Any:
    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        tell("".join(traceback.format_exception(kind, error, trace)))

    before, sys.excepthook = sys.excepthook, hook
    try:
        yield
    finally:
        sys.excepthook = before


@contextmanager
def _dialogs_refused() -> Any:
    """Dialogs of files and printers are answered with Cancel."""
    named = {
        name: getattr(QFileDialog, name) for name in ("getOpenFileName", "getSaveFileName", "getExistingDirectory")
    }
    runs = QDialog.exec
    QFileDialog.getOpenFileName = QFileDialog.getSaveFileName = staticmethod(lambda *_, **__: ("", ""))  # type: ignore
    QFileDialog.getOpenFileNames = staticmethod(lambda *_, **__: ([], ""))  # type: ignore[method-assign]
    QFileDialog.getExistingDirectory = staticmethod(lambda *_, **__: "")  # type: ignore[method-assign]
    QDialog.exec = lambda self: 0  # type: ignore[method-assign]
    try:
        yield
    finally:
        for name, function in named.items():
            setattr(QFileDialog, name, function)
        QDialog.exec = runs  # type: ignore[method-assign]
