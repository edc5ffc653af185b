"""The child that decodes: whatever it does, what comes of it is a picture or one sentence."""

from __future__ import annotations

import sys
import time
from typing import Any

import pytest
from pydicom.uid import RLELossless
from synthetic_scans import refusal

from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.scan_import import decoding_child, limits
from vb_desktop.pipeline.scan_import.decoding_child import DecodingFailed, decode_in_child
from vb_desktop.pipeline.scan_import.open_scan import open_scan

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
FAKE = "import sys; from vb_desktop.pipeline.scan_import import decoder; task = 'dicom_frames'\n"


def with_task(monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Let the child do something else than to decode."""
    code = (
        f"{FAKE}def do(request):\n    {body}\n    yield {{}}, None\ndecoder.TASKS[task] = (do, 'numpy')\ndecoder.main()"
    )
    monkeypatch.setattr(decoding_child, "_CODE", code)


def failure(size: int = 1000) -> str:
    with pytest.raises(DecodingFailed) as caught:
        list(decode_in_child("dicom_frames", {"files": []}, size=size, most_pixels=100))
    return caught.value.why


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("import os; os.abort()", "crash"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crash"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "crash"),
        ("import os; os._exit(3)", "crash"),
        ("raise BaseException", "data"),
        ("raise ValueError('broken')", "data"),
        ("raise MemoryError", "memory"),
        ("print('not an answer', flush=True); raise ValueError", "data"),
    ],
)
@POSIX
def test_every_way_to_fail_is_told_apart(monkeypatch, body, why):
    with_task(monkeypatch, body)
    assert failure() == why


@POSIX
def test_memory_is_limited(monkeypatch):
    with_task(monkeypatch, "x = bytes(2 << 30)")
    assert failure() == "memory"


@POSIX
def test_processor_time_is_limited(monkeypatch):
    monkeypatch.setattr(limits, "DECODER_SECONDS", 0.5)
    monkeypatch.setattr(limits, "DECODER_WALL", 100.0)
    with_task(monkeypatch, "while True: pass")
    assert failure() == "time"


def test_time_on_the_clock_is_limited(monkeypatch):
    monkeypatch.setattr(limits, "DECODER_SECONDS", 0.3)
    monkeypatch.setattr(limits, "DECODER_WALL", 1.0)
    with_task(monkeypatch, "import time; time.sleep(60)")
    begun = time.perf_counter()
    assert failure() == "time" and time.perf_counter() - begun < 20


def test_a_start_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(limits, "DECODER_START_SECONDS", 0.5)
    monkeypatch.setattr(decoding_child, "_CODE", "import time; time.sleep(60)")
    assert failure() == "time"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"{}",
        b"{}\n",
        b"{}\nno json\n",
        b'{}\n{"shape": [99, 99], "kind": "<u2"}\n',
        b'{}\n{"shape": [-1, -1], "kind": "<u2"}\n',
        b'{}\n{"shape": [4, 4], "kind": "O"}\n',
        b'{}\n{"shape": [4, 4], "kind": "<u2"}\n too short',
        b"{}\n[]\n",
        b"x" * 99_999,
    ],
)
def test_the_child_is_not_believed(monkeypatch, answer):
    monkeypatch.setattr(decoding_child, "_CODE", f"import sys; sys.stdout.buffer.write({answer!r})")
    assert failure() in ("crash", "data")


def test_no_child_is_left_when_nobody_wants_more(write_series):
    import psutil

    before = set(psutil.Process().children())
    (path,) = write_series(enhanced=True, compress=RLELossless).iterdir()
    request: dict[str, Any] = {"files": [[str(path), list(range(1, 19))]]}
    frames = decode_in_child("dicom_frames", request, size=20 * 24 * 2 * 18, most_pixels=480)
    assert next(frames)[1].shape == (20, 24)
    assert set(psutil.Process().children()) - before
    frames.close()
    assert not set(psutil.Process().children()) - before


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("import os; os.abort()", "decoder_crashed"),
        ("raise MemoryError", "decoder_memory"),
        ("raise ValueError", "dicom_pixels"),
    ],
)
@POSIX
def test_each_way_has_its_sentence(monkeypatch, write_series, body, why):
    folder = write_series(compress=RLELossless)
    with_task(monkeypatch, body)
    assert refusal(folder) == why
    with pytest.raises(UnreadableScan, match="of 18"):
        open_scan(folder)


def test_a_series_that_hangs_has_its_sentence(monkeypatch, write_series):
    folder = write_series(compress=RLELossless)
    monkeypatch.setattr(limits, "DECODER_SECONDS", 0.3)
    monkeypatch.setattr(limits, "DECODER_WALL", 1.0)
    with_task(monkeypatch, "import time; time.sleep(60)")
    assert refusal(folder) == "decoder_slow"


def test_native_pixels_need_no_child(monkeypatch, write_series):
    monkeypatch.setattr(decoding_child, "_CODE", "raise SystemExit(1)")
    assert open_scan(write_series()).volume.voxels.shape[2] == 18
