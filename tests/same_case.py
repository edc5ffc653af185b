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
        reports = [_report(folder) for folder in (one, other)]
        found += [
            f"report.pdf, page {n + 1}"
            for n in range(max(map(len, reports)))
            if reports[0][n : n + 1] != reports[1][n : n + 1]
        ]
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


def _report(folder: Path) -> list[tuple[str, list[str]]]:
    """Text and pictures of every page, without the times."""
    from pypdf import PdfReader

    record = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    pages = []
    for page in PdfReader(folder / "report.pdf").pages:
        text = page.extract_text().replace(record["case_id"], "CASE")
        before, heading, after = text.partition("Time of each stage")
        text = before + after.partition("Provenance")[2] if heading else text
        text = "\n".join(line for line in text.splitlines() if "UTC" not in line)
        pages.append((text, sorted(hashlib.sha256(image.data).hexdigest() for image in page.images)))
    return pages


def _log_problems(folder: Path) -> list[str]:
    """A line that can't be read, or an end that is none."""
    try:
        events = [json.loads(line)["event"] for line in (folder / "log.jsonl").read_text().splitlines()]
    except ValueError as error:
        return [str(error)]
    return [] if events[-1:] == ["finished"] and "run" in events else [f"ends with {events[-1:]}"]
