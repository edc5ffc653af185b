"""What runs in the child that decodes: pixels go out as they come, and nothing is believed of the file.

The child knows no more than the paths; it writes one line of JSON for each picture, and the bytes of the picture after
it. It is started by `decoding_child`, with limits on memory and time where the system has them (not on Windows).
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from vb_desktop.pipeline.case import Array

Answers: TypeAlias = Iterator[tuple[dict[str, Any], Array]]


def main() -> None:
    """Read one request from the standard input, write the answers to the standard output."""
    out = os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)  # a decoder that prints would be taken for an answer
    os.dup2(silence, 2)
    request = json.loads(sys.stdin.readline())
    failed = ""
    try:
        task, library = TASKS[request["task"]]
        import_module(library)
        limit(request["bytes"], request["seconds"])
        out.write(b"{}\n")  # the clock runs from here
        out.flush()
        for said, voxels in task(request):
            plain = np.ascontiguousarray(voxels, dtype=voxels.dtype.newbyteorder("<"))
            line = said | {"shape": plain.shape, "kind": plain.dtype.str}
            out.write(json.dumps(line).encode() + b"\n")
            out.write(plain.data)
    except MemoryError:
        failed = "memory"
    except BaseException as error:  # decoders raise almost anything on damaged data, those in Rust no Exception
        failed = "memory" if any(word in str(error).lower() for word in ("bad_alloc", "allocat", "memory")) else "data"
    out.write(json.dumps({"failed": failed}).encode() + b"\n")
    out.close()
    os._exit(0)  # libraries that were refused memory may fall over at the end


def limit(size: int, seconds: float) -> None:
    """Take no more address space, and from now on no more processor time than this; on Windows nothing is done."""
    try:
        import resource
    except ImportError:
        return
    taken = resource.getrusage(resource.RUSAGE_SELF)
    for kind, most in (
        (resource.RLIMIT_AS, size),
        (resource.RLIMIT_CPU, math.ceil(seconds + taken.ru_utime + taken.ru_stime)),
        (resource.RLIMIT_CORE, 0),  # a core dump would hold the patient's image
    ):
        try:
            hard = resource.getrlimit(kind)[1]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (most, hard))
        except (ValueError, OSError):  # macOS knows RLIMIT_AS and refuses it
            continue


def dicom_frames(request: dict[str, Any]) -> Answers:
    """Stored values of frames; request["files"]: path and numbers of frames, in the order wanted."""
    from vb_desktop.pipeline.scan_import.dicom_pixels import decode_here
    from vb_desktop.pipeline.scan_import.quiet import quiet

    with quiet():
        for path, frames in request["files"]:
            for pixels in decode_here(Path(path), frames):
                yield {}, pixels


def itk_image(request: dict[str, Any]) -> Answers:
    """An image that SimpleITK reads; request: "path", "reader", "size" (I, J, K) as the header was understood here."""
    import SimpleITK as itk

    itk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    itk.ProcessObject.SetGlobalWarningDisplay(False)
    reader = itk.ImageFileReader()
    reader.SetImageIO(request["reader"])
    reader.SetFileName(request["path"])
    reader.ReadImageInformation()
    if list(reader.GetSize()) != request["size"] or reader.GetNumberOfComponents() != 1:
        raise ValueError("the reader sees another image than the header describes")
    said = {"spacing": reader.GetSpacing(), "origin": reader.GetOrigin(), "direction": reader.GetDirection()}
    image = reader.Execute()
    voxels = itk.GetArrayViewFromImage(image)  # (K, J, I)
    for plane in voxels:
        yield said, plane
        said = {}


TASKS: dict[str, tuple[Callable[[dict[str, Any]], Answers], str]] = {
    "dicom_frames": (dicom_frames, "vb_desktop.pipeline.scan_import.dicom_pixels"),
    "itk_image": (itk_image, "SimpleITK"),
}
"""Name of a task -> what does it, and the library that is loaded before the limits hold."""
