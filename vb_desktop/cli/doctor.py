"""`vb-desktop doctor`: a self-test that a user can run. It changes nothing but the cache folder."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the self-test: what was tried, whether it holds, and what was seen."""

    what: str
    ok: bool
    seen: str
    advice: str = ""


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    no_case: Annotated[bool, typer.Option("--no-case", help="Leave out the one-minute case.")] = False,
    vlm_url: Annotated[
        str | None, typer.Option("--vlm-url", metavar="URL", help="Also try this server with one small picture.")
    ] = None,
    vlm_model: Annotated[str | None, typer.Option("--vlm-model", metavar="NAME", help="Model of that server.")] = None,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="The server may be another machine than this one.")
    ] = False,
) -> None:
    """Test this installation: versions, libraries, models, graphics, disk, and a one-minute case.

    Example: vb-desktop doctor
    """
    findings = []
    server = {"vlm.url": vlm_url, "vlm.model": vlm_model or "", "vlm.allow_remote": allow_remote} if vlm_url else None
    for finding in examine(with_case=not no_case, server=server):
        findings.append(finding)
        if not as_json:
            typer.echo(f"[{'ok' if finding.ok else 'FAILED':>6}] {finding.what}: {finding.seen}")
            if finding.advice and not finding.ok:
                typer.echo(f"         {finding.advice}")
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def examine(*, with_case: bool, server: Mapping[str, Any] | None = None) -> Iterator[Finding]:
    """The tests one after the other; each ends in a finding, whatever happens."""
    tests: list[tuple[str, Callable[[], Finding]]] = [
        ("Program", _program),
        ("Packages", _packages),
        ("Models", _models),
        ("Graphics", _graphics),
        ("Disk", _disk),
    ]
    if server is not None:
        tests.append(("VLM server", lambda: _server(server)))
    if with_case:
        tests.append(("One-minute case", _case))
    for what, test in tests:
        try:
            yield test()
        except Exception as error:  # a self-test must say what is wrong, not stop at it
            yield Finding(what, False, str(error) or type(error).__name__, "Install the program again.")


def _program() -> Finding:
    from vb_desktop import __version__

    seen = f"vb-desktop {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return Finding("Program", sys.version_info >= (3, 11), seen, "Python 3.11 or newer is needed.")


def _packages() -> Finding:
    from importlib.metadata import requires, version

    from packaging.requirements import Requirement

    wrong = []
    for text in requires("vb-desktop") or []:
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        installed = version(requirement.name)
        if not requirement.specifier.contains(installed, prereleases=True):
            wrong.append(f"{requirement.name} {installed} is not {requirement.specifier}")
    import ants
    import monai
    import napari
    import torch

    seen = (
        "; ".join(wrong)
        or f"torch {torch.__version__}, monai {monai.__version__}, antspyx {ants.__version__}, "
        f"napari {napari.__version__}"
    )
    return Finding("Packages", not wrong, seen, "Install the program again.")


def _models() -> Finding:
    from vb_desktop.pipeline.models import verify_models

    found = verify_models()
    wrong = [f"{status.name}: {status.state}" for status in found if status.state != "ok"]
    seen = "; ".join(wrong) or f"{len(found)} verified"
    return Finding("Models", not wrong, seen, "See: vb-desktop models verify")


def _graphics() -> Finding:
    """OpenGL in a child process: a broken driver can end a process."""
    code = (
        "from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext\n"
        "app = QGuiApplication([]); c = QOpenGLContext(); s = QOffscreenSurface(); s.create()\n"
        "assert c.create() and c.makeCurrent(s)\n"
        "f = c.functions(); print(f.glGetString(0x1F01))\n"
    )
    from vb_desktop.installation import has_display

    if not has_display():
        return Finding("Graphics", True, "no display here; the command line works without one")
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    seen = child.stdout.strip() or "no OpenGL context"
    return Finding(
        "Graphics", child.returncode == 0, seen, "Install the OpenGL driver of this machine (Debian: libgl1-mesa-dri)."
    )


def _disk() -> Finding:
    from vb_desktop.installation import cache_folder
    from vb_desktop.pipeline.draft import NEEDED_MB

    folder = next(path for path in (cache_folder(), *cache_folder().parents) if path.exists())
    free = shutil.disk_usage(folder).free // 2**20
    return Finding("Disk", free > NEEDED_MB, f"{free} MB free for the cache", f"A case needs {NEEDED_MB} MB.")


def _server(settings: Mapping[str, Any]) -> Finding:
    from vb_desktop.pipeline.config import Config
    from vb_desktop.pipeline.errors import VBError
    from vb_desktop.pipeline.messages import say
    from vb_desktop.pipeline.tumor_localizer.vlm_openai import check_server

    try:
        return Finding("VLM server", True, say(check_server(Config.load(None, settings).vlm)))
    except VBError as error:
        return Finding("VLM server", False, error.sentence(), error.advice())


def _case() -> Finding:
    """The demo case from its processed brain on: boxes, priors, diagnosis, Grad-CAM, report."""
    from vb_desktop.assets import asset
    from vb_desktop.pipeline.config import Config
    from vb_desktop.pipeline.run_case import run_case

    source = asset("demo/case/processed.nii.gz")
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        case = run_case(source, Path(folder) / "case", Config.load(None, {"input.space": "mni"}))
        ok = case.record.status == "done" and (case.folder / "report.pdf").stat().st_size > 10_000
    boxes = len(case.record.boxes_in_force)
    seen = f"status {case.record.status}, {boxes} boxes, {time.perf_counter() - started:.0f} s"
    return Finding("One-minute case", ok, seen, "Run it again with: vb-desktop --debug doctor")
