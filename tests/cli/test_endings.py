"""How commands end: 0 done, 1 one sentence and the next step, 2 wrong usage, 130 interrupted."""

from __future__ import annotations

import json
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from vb_desktop.cli.app import run_app
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import VBError


@pytest.mark.parametrize(
    "command", [[], ["open"], ["series"], ["run"], ["report"], ["models"], ["models", "verify"], ["config"], ["doctor"]]
)
def test_every_command_has_help_with_an_example(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app([*command, "--help"]) == 0
    assert "Example: vb-desktop" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["no-such-command"],
        ["run", "x.nii.gz"],
        ["run", "x.nii.gz", "--out", "c", "--fast", "--accurate"],
        ["run", "x.nii.gz", "--out", "c", "--resume", "--force"],
        ["run", "x.nii.gz", "--out", "c", "--until", "nowhere"],
        ["config"],
    ],
)
def test_wrong_usage_is_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(arguments) == 2
    assert capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "id_"),
    [
        ("refine.tau=7", "config.invalid"),
        ("refine.tau=often", "config.invalid"),
        ("refine.no_such=1", "config.unknown_key"),
        ("nonsense", "config.unknown_key"),
        ("no_section.key=1", "config.unknown_key"),
    ],
)
def test_a_wrong_setting_is_one_sentence(
    change: str, id_: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_app(["run", "x.nii.gz", "--out", str(tmp_path / "case"), "--set", change]) == 1
    said = capsys.readouterr().err
    assert change.split("=")[0] in said and "config --show" in said and "Traceback" not in said
    with pytest.raises(VBError) as error:
        key, _, value = change.partition("=")
        Config.load(None, {key: value})
    assert error.value.message.id == id_
    assert not (tmp_path / "case").exists()


def test_precedence_of_settings(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[refine]\ntau = 0.6\nepochs = 3\n")
    settings = Config.load(file, {"refine.tau": "0.7"})
    assert (settings.refine.tau, settings.refine.epochs) == (0.7, 3)
    assert settings.refine.seed == Config().refine.seed


def test_every_setting_says_what_it_means(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["config", "--show", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) > 20
    assert [row["key"] for row in rows if not row["meaning"]] == []


def test_ctrl_c_is_130(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("vb_desktop.pipeline.run_case.run_case", interrupted)
    assert run_app(["run", "x.nii.gz", "--out", str(tmp_path / "case")]) == 130
    assert "as before" in capsys.readouterr().err


def test_a_fault_of_ours_is_a_sentence_without_traceback(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("vb_desktop.pipeline.run_case.run_case", broken)
    assert run_app(["run", "x.nii.gz", "--out", str(tmp_path / "case")]) == 1
    said = capsys.readouterr().err
    assert "unexpectedly" in said and "Traceback" not in said
    assert run_app(["run", "x.nii.gz", "--out", str(tmp_path / "case"), "--debug"]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err


def image(voxels: np.ndarray, affine: np.ndarray | None = None) -> nib.Nifti1Image:
    return nib.Nifti1Image(voxels, np.eye(4) if affine is None else affine)


def make(folder: Path, kind: str) -> Path:
    """One bad input of each kind that users meet."""
    path = folder / "scan.nii.gz"
    head = np.random.default_rng(0).uniform(50, 100, (160, 160, 160)).astype(np.float32)
    if kind == "missing":
        return path
    if kind == "empty":
        path.write_bytes(b"")
    elif kind == "truncated":
        nib.save(image(head), path)
        path.write_bytes(path.read_bytes()[:2000])
    elif kind == "2D":
        nib.save(image(head[:, :, 0]), path)
    elif kind == "4D":
        nib.save(image(np.repeat(head[::2, ::2, ::2, None], 3, axis=3)), path)
    elif kind == "RGB":
        rgb = np.zeros((64, 64, 64), dtype=[("R", "u1"), ("G", "u1"), ("B", "u1")])
        nib.save(nib.Nifti1Image(rgb, np.eye(4)), path)
    elif kind == "all-zero":
        nib.save(image(head * 0), path)
    elif kind == "NaN":
        nib.save(image(head * np.nan), path)
    elif kind == "wrong extension":
        path = folder / "scan.nii"
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 500)
    elif kind == "CT":
        nib.save(image(np.where(head > 80, head - 60, -1000).astype(np.int16)), path)
    elif kind == "folder without DICOM":
        path = folder / "letters"
        path.mkdir()
        (path / "letter.txt").write_text("Dear colleague")
    return path


KINDS = [
    "missing",
    "empty",
    "truncated",
    "2D",
    "4D",
    "RGB",
    "all-zero",
    "NaN",
    "wrong extension",
    "CT",
    "folder without DICOM",
]


@pytest.mark.parametrize("kind", KINDS)
def test_bad_input_is_one_sentence_and_no_case(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = make(tmp_path, kind)
    out = tmp_path / "cases" / "case"
    assert run_app(["run", str(source), "--out", str(out)]) == 1
    said = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("open:")]
    assert len(said) == 2, f"one sentence and the next step, got {said}"
    assert all(line.rstrip().endswith(".") for line in said) and "unexpectedly" not in said[0]
    assert not out.exists()
