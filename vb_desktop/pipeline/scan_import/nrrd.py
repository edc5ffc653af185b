"""The header of an NRRD file, attached or detached, with a space that says which side is left."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.scan_import.header_text import damaged, decimals, ras_affine, read_start, sibling, whole
from vb_desktop.pipeline.scan_import.image_file import ImageHeader

_KINDS = {
    "i1": ("signed char", "int8", "int8_t"),
    "u1": ("uchar", "unsigned char", "uint8", "uint8_t"),
    "i2": ("short", "short int", "signed short", "signed short int", "int16", "int16_t"),
    "u2": ("ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"),
    "i4": ("int", "signed int", "int32", "int32_t"),
    "u4": ("uint", "unsigned int", "uint32", "uint32_t"),
    "i8": ("longlong", "long long", "long long int", "signed long long", "signed long long int", "int64", "int64_t"),
    "u8": ("ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t"),
    "f4": ("float",),
    "f8": ("double",),
}
_SPACES = {
    "right-anterior-superior": (1, 1, 1),
    "ras": (1, 1, 1),
    "left-anterior-superior": (-1, 1, 1),
    "las": (-1, 1, 1),
    "left-posterior-superior": (-1, -1, 1),
    "lps": (-1, -1, 1),
}
_UNITS = {"mm": (1.0, ""), "m": (1000.0, "metres"), "um": (0.001, "micrometres"), "cm": (10.0, "centimetres")}
_OF_AXES = ("space", "domain", "???", "none")


def read_nrrd_header(path: Path) -> ImageHeader:
    """Read and understand a header.

    Raises:
        UnreadableScan: it is damaged, not of one volume, doesn't say how the head lies, or leads to another folder.
    """
    fields, end = _fields(read_start(path))
    shape = whole(fields.get("sizes", ""), "size")
    if fields.get("dimension", "").strip() != str(len(shape)):
        raise damaged("its header contradicts itself on the number of axes")
    kinds = fields.get("kinds", "").lower().split()
    if len(shape) > 3 or any(kind not in _OF_AXES for kind in kinds):
        if any("color" in kind for kind in kinds):
            raise UnreadableScan("scan_import.colour")
        raise UnreadableScan("scan_import.four_d", count=int(np.prod(shape, dtype=object) // max(1, _three(shape))))
    if len(shape) < 3:
        raise UnreadableScan("scan_import.two_d", shape=" x ".join(map(str, shape)))
    signs = _SPACES.get(fields.get("space", "").lower())
    if signs is None or "space directions" not in fields:
        raise UnreadableScan("scan_import.no_orientation_in_space")
    axes = np.array(decimals(fields["space directions"], 9, "the directions of its axes")).reshape(3, 3).T
    origin = np.array(decimals(fields.get("space origin", "(0,0,0)"), 3, "its origin"))
    factor, remarks = _unit(fields.get("space units", ""))
    if "space origin" not in fields:
        remarks += (Message("scan_import.no_origin"),)
    encoding = fields.get("encoding", "").lower()
    if encoding not in ("raw", "gzip", "gz"):
        raise UnreadableScan("scan_import.voxel_type", kind="NRRD encoding other than raw or gzip")
    if fields.get("line skip", "0").strip() != "0" or fields.get("byte skip", "0").strip() != "0":
        raise UnreadableScan("scan_import.voxel_type", kind="NRRD with a skip before the data")
    name = fields.get("data file", fields.get("datafile"))
    return ImageHeader(
        shape=shape,
        affine=ras_affine(axes * factor, origin * factor, signs),
        kind=_kind(fields),
        packed=b"" if encoding == "raw" else b"\x1f\x8b",
        data=path if name is None else sibling(path, name.strip()),
        start=end if name is None else 0,
        remarks=remarks,
        unit_mm=factor,
    )


def _fields(start: bytes) -> tuple[dict[str, str], int]:
    """The fields by name, and the offset behind the empty line that ends them."""
    fields: dict[str, str] = {}
    at = start.find(b"\n") + 1
    while 0 < at < len(start):
        end = start.find(b"\n", at)
        line = start[at : end if end >= 0 else len(start)].rstrip(b"\r")
        at = end + 1 if end >= 0 else len(start)
        if not line:
            return fields, at
        if line.startswith(b"#") or b":=" in line:
            continue
        name, colon, value = line.decode("latin-1").partition(": ")
        if not colon or name.lower() in fields:
            raise damaged("its header can't be understood")
        fields[name.lower()] = value.strip()
    if "data file" in fields or "datafile" in fields:
        return fields, at
    raise damaged("its header has no end")


def _kind(fields: dict[str, str]) -> np.dtype[np.generic]:
    written = " ".join(fields.get("type", "").lower().split())
    code = next((code for code, names in _KINDS.items() if written in names), None)
    if code is None:
        raise UnreadableScan("scan_import.voxel_type", kind="an NRRD type that is no number or unknown")
    order = {"little": "<", "big": ">"}.get(fields.get("endian", "").lower(), "")
    if not order and code[1] != "1" and fields.get("encoding", "").lower() in ("raw", "gzip", "gz"):
        raise damaged("its header doesn't give the order of the bytes")
    return np.dtype(f"{order or '<'}{code}")


def _unit(written: str) -> tuple[float, tuple[Message, ...]]:
    units = {unit.strip() for unit in written.split('"') if unit.strip()}
    if not units:
        return 1.0, ()
    if len(units) > 1 or next(iter(units)) not in _UNITS:
        return 1.0, (Message("scan_import.units_unknown"),)
    factor, name = _UNITS[units.pop()]
    return factor, (Message("scan_import.units", {"unit": name}),) if name else ()


def _three(shape: tuple[int, ...]) -> int:
    return int(np.prod(sorted(shape)[-3:], dtype=object))
