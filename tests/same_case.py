"""Whether two case folders are the same case: every file, every byte but times, the case's name and what was cached."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

TIMED = ("case.json", "log.jsonl", "report.pdf")


def differences(one: Path, other: Path) -> list[str]:
    """What differs between two case folders, each as a few words; empty where nothing does."""
    first, second = _files(one), _files(other)
    found = [f"only in one: {name}" for name in sorted(first.keys() ^ second.keys())]
    common = sorted(first.keys() & second.keys())
    found += [f"bytes of {name}" for name in common if name not in TIMED and first[name] != second[name]]
    if "case.json" in common:
        records = [_record(folder) for folder in (one, other)]
        found += [f"case.json: {key}" for key in records[0] | records[1] if records[0].get(key) != records[1].get(key)]
    if "report.pdf" in common:
        (lines, pictures), (other_lines, other_pictures) = _report(one), _report(other)
        found += [f"report.pdf: {line}" for line in sorted(lines ^ other_lines)]
        found += ["pictures of report.pdf"] * (pictures != other_pictures)
    if "log.jsonl" in common:
        found += [f"log.jsonl: {problem}" for problem in _log_problems(one) + _log_problems(other)]
    return found


def _files(folder: Path) -> dict[str, bytes]:
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in TIMED:
            found[name] = path.read_bytes()
        else:
            found[name] = b""
    return found


def _record(folder: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    for key in ("case_id", "created"):
        record.pop(key)
    for stage in record["stages"].values():
        for key in ("state", "seconds", "parts"):
            stage.pop(key)
    return record


def _report(folder: Path) -> tuple[set[str], list[str]]:
    """Lines and pictures of all pages, without the times, whose length can move a page's end."""
    from pypdf import PdfReader

    record = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    lines: set[str] = set()
    pictures = []
    for page in PdfReader(folder / "report.pdf").pages:
        text = page.extract_text().replace(record["case_id"], "CASE")
        before, heading, after = text.partition("\nTimes\n")
        text = before + after.partition("Method:")[2] if heading else text
        lines |= {line for line in text.splitlines() if "UTC" not in line and not line.startswith("Page ")}
        pictures += [hashlib.sha256(image.data).hexdigest() for image in page.images]
    return lines, sorted(pictures)


def _log_problems(folder: Path) -> list[str]:
    """A line that can't be read, or an end that is none."""
    try:
        events = [json.loads(line)["event"] for line in (folder / "log.jsonl").read_text().splitlines()]
    except ValueError as error:
        return [str(error)]
    return [] if events[-1:] == ["finished"] and "run" in events else [f"ends with {events[-1:]}"]
