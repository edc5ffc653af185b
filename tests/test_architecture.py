"""Rules of the whole project that no single module can keep."""

from __future__ import annotations

import ast
import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from vb_desktop.pipeline.messages import ENGLISH
from vb_desktop.pipeline.plugins import PLUGINS

ROOT = Path(__file__).resolve().parent.parent
FORBIDDEN = {
    "vb_desktop/pipeline": {
        "PySide6",
        "qtpy",
        "napari",
        "superqt",
        "vb_desktop.shell",
        "vb_desktop.cli",
        "napari_plugin",
    },
    "vb_desktop/cli": {"PySide6", "qtpy", "napari", "superqt"},
    "napari_plugin": {"vb_desktop.shell", "vb_desktop.cli", "PySide6"},
}
ALLOWED = {("vb_desktop/cli/doctor.py", "napari")}  # says which version is installed


def imported_names(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def wrong_imports(folder: Path, forbidden: set[str]) -> list[tuple[str, str]]:
    return [
        (path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name, name)
        for path in sorted(folder.rglob("*.py"))
        for name in sorted(imported_names(path))
        if any(name == f or name.startswith(f"{f}.") for f in forbidden)
    ]


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_imports_point_downwards(folder: str) -> None:
    assert list((ROOT / folder).rglob("*.py")), "nothing was looked at"
    assert [found for found in wrong_imports(ROOT / folder, FORBIDDEN[folder]) if found not in ALLOWED] == []


def test_a_planted_import_is_found(tmp_path: Path) -> None:
    (tmp_path / "stage.py").write_text("def f():\n    from PySide6.QtCore import QObject\n")
    assert wrong_imports(tmp_path, FORBIDDEN["vb_desktop/pipeline"])


@pytest.mark.parametrize("kind", PLUGINS)
def test_entry_points_are_the_plugin_table(kind: str) -> None:
    ours = {
        ep.name: ep.value for ep in entry_points(group=f"vb_desktop.{kind}") if ep.dist and ep.dist.name == "vb-desktop"
    }
    assert ours == PLUGINS[kind]


def test_each_advice_belongs_to_a_sentence() -> None:
    advices = [id_ for id_ in ENGLISH if id_.endswith(".advice")]
    assert advices
    assert [id_ for id_ in advices if id_.removesuffix(".advice") not in ENGLISH] == []


def test_every_message_that_the_code_names_exists() -> None:
    """Ids stand as first argument of Message and of the errors; a wrong one would fail only in front of a user."""
    named: set[str] = set()
    for path in [*(ROOT / "vb_desktop").rglob("*.py"), *(ROOT / "napari_plugin").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = ast.unparse(node.func)
                value = node.args[0].value
                if isinstance(value, str) and re.fullmatch(
                    r"(Message|MessageRecord|VBError|[A-Z]\w*(Failed|Error|Refused|Scan|Plugin))", called
                ):
                    named.add(value)
    named -= {name for name in named if " " in name or "." not in name}  # ValueError("...") of our own checks
    assert len(named) > 20
    assert sorted(named - set(ENGLISH)) == []


def test_nothing_names_a_machine() -> None:
    """No path of a machine and no host of a package index in any file that ships."""
    pattern = re.compile(r"(/work/|/root/|/home/\w+/|pypi\.org|files\.pythonhosted|deb\.debian\.org)")
    texts = [
        path for path in ROOT.rglob("*") if path.suffix in {".py", ".md", ".toml", ".txt", ".yaml", ".json", ".cfg"}
    ]
    texts = [
        path
        for path in texts
        if not any(part.startswith(".") or part == "cases" for part in path.relative_to(ROOT).parts)
    ]
    assert len(texts) > 20
    wrong = [path for path in texts if path != Path(__file__) and pattern.search(path.read_text(encoding="utf-8"))]
    assert wrong == []
