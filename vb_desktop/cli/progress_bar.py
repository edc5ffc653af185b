"""Progress on a terminal: a bar, moving where the length is not known; lines where there is no terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from vb_desktop.pipeline.progress import OnProgress, Progress, Stage, ignore


@contextmanager
def progress_bar(quiet: bool = False) -> Iterator[OnProgress]:
    """A listener that shows what it hears on standard error."""
    console = Console(stderr=True)
    if quiet:
        yield ignore
        return
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (
        TextColumn("{task.fields[stage]:>9}"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, stage="")

        def show(progress: Progress) -> None:
            total, done = (None, 0.0) if progress.fraction is None else (1.0, progress.fraction)
            bar.update(task, description=progress.text, total=total, completed=done, stage=str(progress.stage))

        yield show


def _lines(console: Console) -> OnProgress:
    said: set[tuple[Stage, str]] = set()

    def show(progress: Progress) -> None:
        kind = (progress.stage, re.sub(r"\d+", "", progress.text))
        if kind not in said:  # once each, whatever it counts: a log is read later
            said.add(kind)
            console.print(f"{progress.stage}: {progress.text}", markup=False, highlight=False)

    return show
