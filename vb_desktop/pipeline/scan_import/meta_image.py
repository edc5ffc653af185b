"""The header of a MetaImage, in one file with its voxels (.mha) or beside them (.mhd)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.scan_import.header_text import damaged, decimals, ras_affine, read_start, sibling, whole
from vb_desktop.pipeline.scan_import.image_file import ImageHeader

_KINDS = {
    "MET_CHAR": "i1", "MET_UCHAR": "u1", "MET_SHORT": "i2", "MET_USHORT": "u2", "MET_INT": "i4", "MET_UINT": "u4",
    "MET_LONG_LONG": "i8", "MET_ULONG_LONG": "u8", "MET_FLOAT": "f4", "MET_DOUBLE": "f8",
}  # fmt: skip
_SIDES = ("RL", "AP", "IS")  # MetaIO names the side an axis comes from, for LPS axes of sign +, -


def read_meta_header(path: Path) -> ImageHeader:
    """Read and understand a header.

    Raises:
        UnreadableScan: it is damaged, not of one volume, doesn't say how the head lies, or leads to another folder.
    """
    fields, end = _fields(read_start(path))
    if fields.get("ObjectType") != "Image" or fields.get("BinaryData", "True") != "True":
        raise damaged("its header is not that of an image")
    shape = whole(fields.get("DimSize", ""), "size")
    if fields.get("NDims", "") != str(len(shape)):
        raise damaged("its header contradicts itself on the number of axes")
    if len(shape) > 3:
        raise UnreadableScan("scan_import.four_d", count=int(np.prod(shape[3:], dtype=object)))
    if len(shape) < 3:
        raise UnreadableScan("scan_import.two_d", shape=" x ".join(map(str, shape)))
    if fields.get("ElementNumberOfChannels", "1") != "1":
        raise UnreadableScan("scan_import.colour")
    if fields.get("HeaderSize", "0") != "0":
        raise UnreadableScan("scan_import.voxel_type", kind="MetaImage with a skip before the data")
    affine, remarks = _affine(fields)
    kind = _KINDS.get(fields.get("ElementType", ""))
    if kind is None:
        raise UnreadableScan("scan_import.voxel_type", kind="a MetaImage type that is no number or unknown")
    msb = fields.get("BinaryDataByteOrderMSB", fields.get("ElementByteOrderMSB", "False"))
    name = fields["ElementDataFile"]
    local = name.upper() == "LOCAL"
    return ImageHeader(
        shape=shape,
        affine=affine,
        kind=np.dtype((">" if msb == "True" else "<") + kind),
        packed=b"\x78" if fields.get("CompressedData", "False") == "True" else b"",
        data=path if local else sibling(path, name),
        start=end if local else 0,
        remarks=remarks,
    )


def _fields(start: bytes) -> tuple[dict[str, str], int]:
    """The fields by name, and the offset behind the line that names the data, which is the last."""
    fields: dict[str, str] = {}
    at = 0
    while (end := start.find(b"\n", at)) >= 0 or at < len(start):
        line = start[at : end if end >= 0 else len(start)]
        at = end + 1 if end >= 0 else len(start)
        name, equals, value = (part.strip() for part in line.decode("latin-1").partition("="))
        if not equals or name in fields or len(line) > 2000:
            raise damaged("its header can't be understood")
        fields[name] = value
        if name == "ElementDataFile":
            return fields, at
    raise damaged("its header has no end")


def _affine(fields: dict[str, str]) -> tuple[Array, tuple[Message, ...]]:
    """LPS, as ITK writes it; the axis names beside the matrix must fit it."""

    def first(*names: str) -> str | None:
        return next((fields[name] for name in names if name in fields), None)

    matrix, offset = first("TransformMatrix", "Rotation", "Orientation"), first("Offset", "Position", "Origin")
    spacing = first("ElementSpacing", "ElementSize")
    if matrix is None or spacing is None:
        raise UnreadableScan("scan_import.no_orientation_in_space")
    directions = np.array(decimals(matrix, 9, "the directions of its axes")).reshape(3, 3).T
    if np.abs(np.linalg.norm(directions, axis=0) - 1).max() > 0.01:
        raise UnreadableScan("scan_import.singular", which="directions of its axes")
    edges = np.array(decimals(spacing, 3, "the size of its voxels"))
    if edges.min() <= 0:
        raise UnreadableScan("scan_import.spacing")
    origin = np.array(decimals(offset or "0 0 0", 3, "its origin"))
    affine = ras_affine(directions * edges, origin, (-1, -1, 1))
    remarks: tuple[Message, ...] = () if offset else (Message("scan_import.no_origin"),)
    named = fields.get("AnatomicalOrientation", "")
    if len(named) == 3 and named != "???" and named != _codes(directions):
        remarks += (Message("scan_import.axis_names_disagree"),)
    return affine, remarks


def _codes(directions: Array) -> str:
    return "".join(_SIDES[axis][int(column[axis] < 0)] for column in directions.T for axis in [np.argmax(abs(column))])
