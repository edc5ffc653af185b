"""NRRD and MetaImage: the header is understood here, the voxels are read by SimpleITK in a child process."""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.errors import UnreadableScan, VBError
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.scan_import.checks import check_grid, check_shape
from vb_desktop.pipeline.scan_import.content import Content
from vb_desktop.pipeline.scan_import.decoding_child import DecodingFailed, decode_in_child
from vb_desktop.pipeline.scan_import.image_file import ImageFile, ImageHeader
from vb_desktop.pipeline.scan_import.meta_image import read_meta_header
from vb_desktop.pipeline.scan_import.nrrd import read_nrrd_header

_FORMATS = {Content.NRRD: (read_nrrd_header, "NrrdImageIO"), Content.META: (read_meta_header, "MetaImageIO")}
_SENTENCES = {
    "crash": "scan_import.file_crashed",
    "time": "scan_import.file_slow",
    "memory": "scan_import.file_memory",
}
_SAME_PLACE_MM = 0.01


def read_itk(path: Path, content: Content) -> ImageFile:
    """Read one 3D volume.

    Args:
        path: a file whose content is NRRD or MetaImage.
        content: which.

    Raises:
        UnreadableScan: the file is damaged, truncated, too large, leads to another folder, doesn't say how the head
            lies, or is not one 3D volume of grey values.
    """
    read_header, reader = _FORMATS[content]
    try:
        header = read_header(path)
        shape = check_shape(header.shape)
        remarks = header.remarks + check_grid(shape, header.affine)
        remarks += _check_length(header)
        return ImageFile(Volume(_voxels(path, reader, header), header.affine), remarks=remarks)
    except VBError:
        raise
    except DecodingFailed as failed:
        id_ = _SENTENCES.get(failed.why)
        if id_:
            raise UnreadableScan(id_) from failed
        raise UnreadableScan("scan_import.damaged", cause="its image data are broken or incomplete") from failed
    except OSError as error:
        raise UnreadableScan("scan_import.no_access", cause=error.strerror or "it can't be read") from error
    except Exception as error:  # what a hostile header leads to can't be listed
        raise UnreadableScan("scan_import.damaged", cause="its header can't be understood") from error


def _check_length(header: ImageHeader) -> tuple[Message, ...]:
    """Compare the length of the data with the header; more than it says is told, less is refused."""
    have = header.data.stat().st_size - header.start
    need = int(np.prod(header.shape, dtype=object)) * header.kind.itemsize
    if header.packed:
        with header.data.open("rb") as file:
            file.seek(header.start)
            begins = file.read(len(header.packed))
            file.seek(-4, os.SEEK_END)
            unpacked = int.from_bytes(file.read(4), "little")  # gzip writes it there
        if begins != header.packed or have < need / 1100:  # deflate can't do better
            raise UnreadableScan("scan_import.damaged", cause="its image data are broken or incomplete")
        more = header.packed == b"\x1f\x8b" and unpacked != need & 0xFFFFFFFF
    elif have < need:
        raise UnreadableScan("scan_import.truncated", have=max(have, 0), need=need)
    else:
        more = have > need
    return (Message("scan_import.more_data"),) if more else ()


def _voxels(path: Path, reader: str, header: ImageHeader) -> Array:
    i, j, slices = header.shape
    voxels = np.empty((i, j, slices), dtype=np.float32, order="F")
    request = {"path": str(path), "reader": reader, "size": [i, j, slices]}
    size = i * j * slices * header.kind.itemsize
    k = 0
    with np.errstate(all="ignore"):  # what overflows becomes infinite, which is checked afterwards
        for said, plane in decode_in_child("itk_image", request, size=size, most_pixels=i * j):
            if k == 0:
                _check_place(said, header)
            if k >= slices or plane.shape != (j, i):
                raise DecodingFailed("data")
            voxels[:, :, k] = plane.T
            k += 1
    if k < slices:
        raise DecodingFailed("data")
    return voxels


def _check_place(said: dict[str, Any], header: ImageHeader) -> None:
    """Two readers of one header that disagree on where the head lies: then neither is believed."""
    theirs = np.eye(4)
    theirs[:3, :3] = np.reshape(said["direction"], (3, 3)) * np.asarray(said["spacing"])
    theirs[:3, 3] = said["origin"]
    theirs[:3] *= np.array([-1, -1, 1])[:, None] * header.unit_mm  # LPS, and units are not heard of
    corners = np.array([(*corner, 1) for corner in product(*((0, n - 1) for n in header.shape))], dtype=np.float64)
    distance = np.linalg.norm(corners @ (theirs - header.affine).T, axis=1).max()
    if not distance <= _SAME_PLACE_MM:
        raise UnreadableScan("scan_import.damaged", cause="its header can be understood in two ways")
