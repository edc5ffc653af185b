"""Answers of VLMs by (picture, prompt, model), so that nothing is asked twice and an interrupted run goes on.

The file holds hashes and the model's words: no pixels and no identity. It lies in the program's own cache folder,
because a run that fails removes its draft, and what a server has answered should outlive that.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from pathlib import Path

from vb_desktop.installation import cache_folder

DAYS_KEPT = 7
_DAY_S = 86_400


class AnswerCache:
    """Answers of one model to one prompt; a file of JSON lines that only grows, so a kill costs one line at most.

    Args:
        asked: everything but the picture that decides the answer: backend, model, prompt, sampling.
        folder: where; the program's cache by default.
    """

    def __init__(self, asked: dict[str, str | int | float], folder: Path | None = None) -> None:
        name = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:24]
        self.path = (folder or cache_folder() / "vlm_answers") / f"{name}.jsonl"
        self._answers: dict[str, str] = {}
        self._read()

    def get(self, picture: str) -> str | None:
        """The answer to a picture (its hash)."""
        return self._answers.get(picture)

    def keep(self, picture: str, answer: str) -> None:
        """Remember an answer; a disk that refuses costs the cache, not the run."""
        self._answers[picture] = answer
        line = json.dumps({"picture": picture, "answer": answer}) + "\n"
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, line.encode())
            finally:
                os.close(handle)

    def _read(self) -> None:
        with contextlib.suppress(OSError):
            for path in self.path.parent.glob("*.jsonl"):
                if time.time() - path.stat().st_mtime > DAYS_KEPT * _DAY_S:
                    path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            for line in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
                with contextlib.suppress(ValueError, KeyError, TypeError):
                    entry = json.loads(line)
                    self._answers[str(entry["picture"])] = str(entry["answer"])
