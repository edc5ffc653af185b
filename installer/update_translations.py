"""Collect the window's texts for Qt Linguist and release what is translated: `python installer/update_translations.py`.

Writes assets/translations/vb_desktop_zh.ts (new texts are marked as unfinished in it) and the .qm that the window
reads.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TS = ROOT / "assets/translations/vb_desktop_zh.ts"


def collect(ts: Path) -> None:
    """Bring a .ts file up to date with the sources."""
    sources = sorted((ROOT / "vb_desktop/shell").rglob("*.py"))
    _run(
        "lupdate", *map(str, sources), "-ts", str(ts), "-locations", "none", "-no-obsolete", "-target-language", "zh_CN"
    )


def release(ts: Path, qm: Path) -> None:
    """Write what the window reads."""
    _run("lrelease", str(ts), "-qm", str(qm))


def _run(tool: str, *arguments: str) -> None:
    program = Path(sys.executable).with_name(f"pyside6-{tool}")
    subprocess.run([str(program), *arguments], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    TS.parent.mkdir(exist_ok=True)
    collect(TS)
    release(TS, TS.with_suffix(".qm"))
