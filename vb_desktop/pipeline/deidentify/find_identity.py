"""Look for strings in every byte that was written; the pixels of pictures are left out, and so are fonts."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from vb_desktop.pipeline.deidentify.identity_strings import IdentityStrings
from vb_desktop.pipeline.report.bidirectional import visual

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "latin-1", "gb18030", "euc_kr", "shift_jis", "iso2022_jp", "cp1251")
_PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")


@dataclass(frozen=True, slots=True)
class Found:
    """Where a string of the source is left.

    Attributes:
        file: path below the folder that was searched.
        place: "name" of the file, its "content", or a "document" inside it.
        text: the string; never to be shown or logged.
    """

    file: Path
    place: str
    text: str


def find_identity(folder: Path, strings: IdentityStrings) -> list[Found]:
    """Search all files below a folder: their names, DICOM with what it encapsulates, PDF, NIfTI, else all bytes.

    Returns:
        Every string that is there, once for each file and place.
    """
    written = {text: _written(text) for text in sorted(strings.sought)}
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder)
        for place, content in (("name", str(name).encode()), *_contents(path)):
            lower = content.lower()
            found += [Found(name, place, text) for text, forms in written.items() if _is_in(forms, lower)]
    return found


def _written(text: str) -> tuple[bytes, ...]:
    """The text in every encoding that can write it, in small letters."""
    written = set()
    for one in {text.lower(), visual(text.lower())}:  # a report holds right-to-left words as they stand on the page
        for encoding in ENCODINGS:
            try:
                written.add(one.encode(encoding).lower())
            except UnicodeEncodeError:
                continue
    return tuple(sorted(written))


def _is_in(forms: tuple[bytes, ...], content: bytes) -> bool:
    """Whether one is there, not as a part of a longer word or number."""
    return any(
        form in content and re.search(rb"(?<![0-9a-z])" + re.escape(form) + rb"(?![0-9a-z])", content) is not None
        for form in forms
    )


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    content = path.read_bytes()
    if content[128:132] == b"DICM":
        yield from _dicom(content)
    elif content[:5] == b"%PDF-":
        yield "document", pdf_text(content)
    elif content[:2] == b"\x1f\x8b":
        yield "content", _nifti_header(gzip.decompress(content)) + content[:64]  # gzip's own header names a file
    elif path.name.endswith(".nii"):
        yield "content", _nifti_header(content)
    else:
        yield "content", content


def _dicom(content: bytes) -> Iterator[tuple[str, bytes]]:
    from pydicom import dcmread

    dataset = dcmread(BytesIO(content))
    for keyword in _PIXELS:
        if keyword in dataset:
            content = content.replace(dataset[keyword].value, b"", 1)
    if "EncapsulatedDocument" in dataset:
        document = dataset.EncapsulatedDocument
        content = content.replace(document, b"", 1)
        yield "document", pdf_text(document) if document[:5] == b"%PDF-" else document
    yield "content", content


def _nifti_header(content: bytes) -> bytes:
    """Everything before the voxels, extensions included."""
    import numpy as np

    little = int.from_bytes(content[:4], "little") == 348
    start = int(np.frombuffer(content[108:112], "<f4" if little else ">f4")[0])
    return content[: max(352, start)]


def pdf_text(content: bytes) -> bytes:
    """All strings and streams of a PDF but pictures and fonts, and the text of its pages; UTF-8."""
    import pikepdf
    from pypdf import PdfReader

    parts: list[bytes] = []
    with pikepdf.open(BytesIO(content)) as pdf:
        for thing in pdf.objects:
            _strings(thing, parts)
    for page in PdfReader(BytesIO(content)).pages:
        parts.append(page.extract_text().encode("utf-8", "replace"))
    return b"\n".join(parts)


def _strings(thing: Any, parts: list[bytes]) -> None:
    import pikepdf

    if isinstance(thing, pikepdf.Stream):
        kind = str(thing.get("/Subtype", ""))
        if kind != "/Image" and not {"/Length1", "/N"} & set(thing.keys()):
            parts.append(thing.read_bytes())
    if isinstance(thing, pikepdf.String):
        parts.append(str(thing).encode("utf-8", "replace"))
    elif isinstance(thing, pikepdf.Array):
        for one in thing:
            _strings(one, parts)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for key in thing.keys():
            value = thing[key]
            if not getattr(value, "is_indirect", False):
                _strings(value, parts)
