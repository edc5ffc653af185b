"""What `train diagnoser` and `experiment` share: settings and recipe from one `--set`, and the bar of a training."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from vb_desktop.cli.settings_flags import parse_changes
from vb_desktop.pipeline.config import Config

if TYPE_CHECKING:
    from vb_desktop.pipeline.training.diagnoser.recipe import DiagnoserRecipe


def split_changes(
    config: Path | None, changes: Sequence[str], preset: str, seed: int = 0
) -> tuple[Config, DiagnoserRecipe]:
    """Settings (keys with a point) and recipe (keys without).

    Raises:
        ConfigError: a key is unknown or a value is out of range.
    """
    from vb_desktop.pipeline.training.diagnoser.recipe import PRESETS

    parsed = parse_changes(list(changes))
    settings = Config.load(config, {key: value for key, value in parsed.items() if "." in key})
    own = {key: value for key, value in parsed.items() if "." not in key}
    return settings, PRESETS[preset].changed({"seed": seed, **own})


@contextmanager
def training_bar() -> Iterator[Callable[[int, int, int, int, float], None]]:
    """A listener (network, of, epoch, of, loss) that shows what it hears on standard error."""
    console = Console(stderr=True)
    if not console.is_terminal:
        said: set[tuple[int, int]] = set()

        def tell(network: int, networks: int, epoch: int, epochs: int, loss: float) -> None:
            quarter = (network, 4 * epoch // epochs)
            if quarter not in said:
                said.add(quarter)
                text = f"network {network} of {networks}: epoch {epoch} of {epochs}, loss {loss:.3f}"
                console.print(text, markup=False, highlight=False)

        yield tell
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Training", total=None)

        def show(network: int, networks: int, epoch: int, epochs: int, loss: float) -> None:
            text = f"network {network} of {networks}, epoch {epoch} of {epochs}, loss {loss:.3f}"
            bar.update(task, description=text, total=networks * epochs, completed=(network - 1) * epochs + epoch)

        yield show
