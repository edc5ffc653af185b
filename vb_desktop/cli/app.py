"""The Typer application, and how a command ends: 0 done, 1 the work failed, 2 wrong usage, 130 interrupted."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from vb_desktop import __version__
from vb_desktop.cli import (
    batch,
    boxes,
    cohort,
    compare,
    config,
    doctor,
    evaluate,
    experiment,
    export,
    models,
    open_window,
    overview,
    pacs,
    report,
    run,
    series,
    train,
)
from vb_desktop.installation import keep_to_own_folders
from vb_desktop.pipeline.errors import VBError
from vb_desktop.pipeline.messages import Message, say

app = typer.Typer(
    name="vb-desktop",
    help="Virtual Biopsy Desktop: localise, explain and report intracranial tumours on contrast-enhanced T1 MRI.\n\n"
    "Research use only, not a substitute for biopsy.\n\n"
    "Example: vb-desktop run scan.nii.gz --out cases/0001",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("open")(open_window.open_window)
app.command("series")(series.series)
app.command("run")(run.run)
app.command("batch")(batch.batch)
app.command("report")(report.report)
app.command("overview")(overview.overview)
app.command("compare")(compare.compare)
app.command("export")(export.export)
app.add_typer(pacs.app, name="pacs")
app.add_typer(boxes.app, name="boxes")
app.add_typer(models.app, name="models")
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(cohort.app, name="cohort")
app.add_typer(train.app, name="train")
app.add_typer(experiment.app, name="experiment")
app.command("config")(config.config)
app.command("doctor")(doctor.doctor)

# Of click itself or of the copy that newer Typer carries.
_USAGE: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    """Without a command: the window, on the demo case."""
    if version:
        typer.echo(f"vb-desktop {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        open_window.open_window(None)


def run_app(arguments: Sequence[str] | None = None) -> int:
    """Run a command line.

    Returns:
        The exit status.
    """
    keep_to_own_folders()
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in arguments
    arguments = [argument for argument in arguments if argument != "--debug"]  # wherever it stands
    try:
        status = app(arguments, standalone_mode=False)
        if status == 130:  # newer Typer turns Ctrl-C into this
            return _interrupted()
        return status if isinstance(status, int) else 0
    except (typer.Abort, KeyboardInterrupt):
        return _interrupted()
    except _USAGE as error:
        error.show()
        return int(error.exit_code)
    except VBError as error:
        if debug:
            traceback.print_exc()
        typer.echo(f"{error.sentence()}\n{error.advice()}".strip(), err=True)
        return 1
    except Exception:  # the last resort: a fault of ours still ends in a sentence
        if debug:
            traceback.print_exc()
        typer.echo(say(Message("case.unexpected")), err=True)
        typer.echo("Run it again with --debug to see the details; the case folder is as before.", err=True)
        return 1


def _interrupted() -> int:
    typer.echo("Interrupted; the case folder is as before.", err=True)
    return 130
