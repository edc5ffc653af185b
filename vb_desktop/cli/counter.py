"""How many of how many are done, on a terminal; a line each tenth where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


@contextmanager
def counter(what: str, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """A listener `(done, of)` that shows what it hears on standard error."""
    console = Console(stderr=True)
    if quiet:
        yield lambda done, of: None
        return
    if not console.is_terminal:
        said: set[int] = set()

        def tell(done: int, of: int) -> None:
            tenth = 10 * done // max(of, 1)
            if tenth not in said:
                said.add(tenth)
                console.print(f"{what}: {done} of {of}", markup=False, highlight=False)

        yield tell
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
