"""Decode in a child process: a decoder that crashes, hangs or eats memory ends alone.

Compressed DICOM, NRRD and MetaImage go through libraries written in C and C++, so they are decoded there. Native and
deflated DICOM and NIfTI stay here: their bytes are taken as they are by numpy and zlib, after the sizes have been
compared with the header, and no other code sees them.

The pixels come through a pipe: no temporary file or shared memory could be left behind, whoever ends first.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.scan_import import limits

_CODE = "from vb_desktop.pipeline.scan_import.decoder import main; main()"
_LONGEST_LINE = 4096
_KINDS = frozenset("<i1 |i1 <u1 |u1 <i2 <u2 <i4 <u4 <i8 <u8 <f4 <f8".split())


class DecodingFailed(Exception):
    """The child gave no picture.

    Attributes:
        why: "data" (damaged), "memory", "time" or "crash".
    """

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def decode_in_child(
    task: str, request: dict[str, Any], *, size: int, most_pixels: int
) -> Iterator[tuple[dict[str, Any], Array]]:
    """Run one task of `decoder` in a child.

    On POSIX the child is limited in memory and processor time, and everywhere in the time on the clock: Windows has
    that limit alone.

    Args:
        task: a key of `decoder.TASKS`.
        request: what the task wants to know, as plain JSON.
        size: bytes of the decoded image, known from its header; the limits grow with it.
        most_pixels: largest picture that is accepted.

    Yields:
        What the child says of a picture, and the picture.

    Raises:
        DecodingFailed: it failed, at the picture that would have come next.
    """
    seconds = limits.DECODER_SECONDS + size / limits.DECODER_BYTES_PER_SECOND
    request = request | {"task": task, "bytes": limits.DECODER_BYTES + 3 * size, "seconds": seconds}
    child = subprocess.Popen(
        [sys.executable, "-P", "-c", _CODE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    )
    clock = _Clock(child)
    try:
        assert child.stdin and child.stdout
        clock.set(limits.DECODER_START_SECONDS)
        _ask(child.stdin, request)
        if not child.stdout.readline(_LONGEST_LINE):
            raise DecodingFailed("crash")
        clock.set(seconds * limits.DECODER_WALL)
        while (answer := _answer(child.stdout, most_pixels)) is not None:
            yield answer
    except DecodingFailed as failed:
        if failed.why == "crash" and (clock.struck or _out_of_time(child)):
            raise DecodingFailed("time") from failed
        raise
    finally:
        clock.stop()
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                pipe.close()
        child.wait()


class _Clock:
    """Ends the child when it strikes."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self.child = child
        self.struck = False
        self.timer: threading.Timer | None = None

    def set(self, seconds: float) -> None:
        self.stop()
        self.timer = threading.Timer(seconds, self._strike)
        self.timer.daemon = True
        self.timer.start()

    def stop(self) -> None:
        if self.timer is not None:
            self.timer.cancel()

    def _strike(self) -> None:
        self.struck = True
        self.child.kill()


def _environment() -> dict[str, str]:
    """One thread, since each takes address space; and the package that this process runs."""
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    package = str(Path(__file__).resolve().parents[3])
    path = os.pathsep.join(part for part in (package, os.environ.get("PYTHONPATH", "")) if part)
    return {**os.environ, **one, "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS": "1", "PYTHONPATH": path}


def _ask(pipe: IO[bytes], request: dict[str, Any]) -> None:
    try:
        pipe.write(json.dumps(request).encode() + b"\n")
        pipe.close()
    except OSError as error:
        raise DecodingFailed("crash") from error


def _answer(pipe: IO[bytes], most_pixels: int) -> tuple[dict[str, Any], Array] | None:
    """The next picture, None after the last. What the child says is checked like the file itself."""
    line = pipe.readline(_LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise DecodingFailed("crash")
    try:
        said = json.loads(line)
        if "failed" in said:
            if said["failed"]:
                raise DecodingFailed("memory" if said["failed"] == "memory" else "data")
            return None
        shape, kind = tuple(int(n) for n in said.pop("shape")), str(said.pop("kind"))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DecodingFailed("data") from error
    if len(shape) != 2 or kind not in _KINDS or not (min(shape) > 0 and shape[0] * shape[1] <= most_pixels):
        raise DecodingFailed("data")
    pixels: Array = np.empty(shape, dtype=kind)
    if _fill(pipe, memoryview(pixels.data).cast("B")) < pixels.nbytes:
        raise DecodingFailed("crash")
    return said, pixels


def _fill(pipe: IO[bytes], room: memoryview) -> int:
    filled = 0
    while filled < len(room):
        count = pipe.readinto(room[filled:])  # type: ignore[attr-defined]
        if not count:
            break
        filled += count
    return filled


def _out_of_time(child: subprocess.Popen[bytes]) -> bool:
    """Whether the limit on processor time has ended it."""
    try:
        status = child.wait(timeout=1)  # its pipe is closed, so it has ended or is about to
    except subprocess.TimeoutExpired:
        return False
    return hasattr(signal, "SIGXCPU") and status == -signal.SIGXCPU
