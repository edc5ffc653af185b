"""One DICOM series, classic or Enhanced multi-frame, becomes a `Scan`: pixels only when the headers have passed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vb_desktop.pipeline.case import Array, Scan, Volume
from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.progress import OnProgress, Progress, Stage, ignore
from vb_desktop.pipeline.scan_import import limits
from vb_desktop.pipeline.scan_import.canonical import closest_canonical
from vb_desktop.pipeline.scan_import.checks import check_grid, check_shape, check_voxels
from vb_desktop.pipeline.scan_import.dicom_folder import read_series
from vb_desktop.pipeline.scan_import.dicom_geometry import Stack, stack
from vb_desktop.pipeline.scan_import.dicom_identity import (
    contrast_agent,
    identity_of,
    is_undecoded,
    source_of,
    technique_of,
)
from vb_desktop.pipeline.scan_import.dicom_pixels import decode_frames, fill
from vb_desktop.pipeline.scan_import.quiet import quiet
from vb_desktop.pipeline.scan_import.series import Series, choose_series


def open_dicom(path: Path, series_uid: str | None = None, on_progress: OnProgress = ignore) -> Scan:
    """Open one DICOM series.

    Args:
        path: a folder, or a file with many frames.
        series_uid: which series, where there are several.
        on_progress: hears of the files read.

    Raises:
        UnreadableScan: no series, several, or one that is not a readable 3D MRI of a head.
    """
    with quiet():
        try:
            found = read_series(path, on_progress)
        except OSError as error:
            raise UnreadableScan("scan_import.no_access", cause=error.strerror or "it is refused") from error
        chosen, remarks = choose_series(found, series_uid)
        return _scan(chosen, remarks, on_progress)


def _scan(series: Series, remarks: tuple[Message, ...], on_progress: OnProgress) -> Scan:
    stacked = stack(series.frames)
    remarks += check_grid(check_shape(stacked.shape), stacked.affine)
    source = read_volume(series, stacked, on_progress)
    voxels, found = check_voxels(source.voxels)
    volume, orientation = closest_canonical(source.like(voxels))
    if is_undecoded(series.header):
        found += (Message("scan_import.name_undecoded"),)
    if series.copies:
        found += (Message("scan_import.copies_left_out", {"count": series.copies}),)
    if not contrast_agent(series.header):
        found += (Message("scan_import.no_contrast_recorded"),)
    return Scan(
        volume=volume,
        identity=identity_of(series.header),
        kind="dicom",
        technique=technique_of(series.header),
        remarks=remarks + found,
        source_dicom=source_of(series.header, stacked, orientation),
    )


def read_volume(series: Series, stacked: Stack, on_progress: OnProgress = ignore) -> Volume:
    """Decode the slices of a stack.

    Args:
        series: whose files are read.
        stacked: order and grid of the slices.
        on_progress: hears of the slices decoded.

    Returns:
        float32 (columns, rows, slices) after rescale, on the grid of the source.

    Raises:
        UnreadableScan: a file that is damaged, incomplete, or of a size that its header doesn't give.
    """
    voxels: Array = np.empty(stacked.shape, dtype=np.float32)
    places: dict[int, list[int]] = {}
    for k, frame in enumerate(stacked.frames):
        places.setdefault(frame.file, []).append(k)
    done = 0
    for file, ks in places.items():
        if series.paths[file].stat().st_size > limits.DICOM_FILE_BYTES:
            params = {"file": file, "files": series.files, "gb_limit": limits.DICOM_FILE_BYTES >> 30}
            raise UnreadableScan("scan_import.dicom_too_large", **params)
        decoded = decode_frames(series.paths[file], [stacked.frames[k].number for k in ks])
        for k in ks:
            try:
                frame = stacked.frames[k]
                fill(voxels, k, next(decoded), frame.slope, frame.intercept)
            except Exception as error:  # decoders raise almost anything on damaged data
                raise UnreadableScan("scan_import.dicom_pixels", file=file, files=series.files) from error
            done += 1
            if done % 10 == 0:
                on_progress(Progress(Stage.OPEN, 0.5 + 0.5 * done / len(stacked.frames), "Decoding the slices"))
    return Volume(voxels, stacked.affine)
