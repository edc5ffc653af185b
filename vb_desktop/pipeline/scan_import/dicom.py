"""One DICOM series, classic or Enhanced multi-frame, becomes a `Scan`: pixels only when the headers have passed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vb_desktop.pipeline.case import Array, Scan, Volume
from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.progress import OnProgress, Progress, Stage, ignore
from vb_desktop.pipeline.scan_import.canonical import closest_canonical
from vb_desktop.pipeline.scan_import.checks import check_grid, check_shape, check_voxels
from vb_desktop.pipeline.scan_import.dicom_folder import FoundSeries, find_series, on_disk
from vb_desktop.pipeline.scan_import.dicom_geometry import Stack, stack
from vb_desktop.pipeline.scan_import.dicom_identity import (
    contrast_agent,
    identity_of,
    is_lossy,
    is_undecoded,
    source_of,
    technique_of,
)
from vb_desktop.pipeline.scan_import.dicom_pixels import fill
from vb_desktop.pipeline.scan_import.dicom_slices import decode_slices, leave_out_repeats
from vb_desktop.pipeline.scan_import.quiet import quiet
from vb_desktop.pipeline.scan_import.series import Series, choose_series
from vb_desktop.pipeline.scan_import.spacing import check_slice_distance
from vb_desktop.pipeline.scan_import.tilt import straight_grid, straighten


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
            found = find_series(path, on_progress)
        except OSError as error:
            raise UnreadableScan("scan_import.no_access", cause=error.strerror or "it is refused") from error
        chosen, remarks = choose_series(found.series, series_uid)
        remarks += _left_out(found, named=bool(series_uid))
        with on_disk(chosen) as series:
            return _scan(series, remarks, on_progress)


def _left_out(found: FoundSeries, *, named: bool) -> tuple[Message, ...]:
    """What is not there. A damaged file that doesn't tell its series may belong to the one that is read."""
    if found.unplaced and not (named and len(found.series) > 1):
        raise UnreadableScan("scan_import.dicom_damaged", file=found.unplaced[0], files=found.files)
    return found.remarks


def _scan(series: Series, remarks: tuple[Message, ...], on_progress: OnProgress) -> Scan:
    series, repeated = leave_out_repeats(series)
    stacked = stack(series.frames)
    shape, affine = stacked.shape, stacked.affine
    if stacked.is_tilted:
        shape, affine, _ = straight_grid(shape, affine)
        remarks += (Message("scan_import.tilt_removed", {"degrees": f"{stacked.slant:.1f}"}),)
    remarks += check_grid(check_shape(shape), affine)
    remarks += check_slice_distance(series.header, stacked.distance_mm)
    source = read_volume(series, stacked, on_progress)
    voxels, found = check_voxels(source.voxels)
    source = source.like(voxels)
    volume, orientation = closest_canonical(straighten(source) if stacked.is_tilted else source)
    if is_undecoded(series.header):
        found += (Message("scan_import.name_undecoded"),)
    if series.copies:
        found += (Message("scan_import.copies_left_out", {"count": series.copies}),)
    if repeated:
        found += (Message("scan_import.repeats_left_out", {"count": repeated}),)
    if is_lossy(series.header):
        found += (Message("scan_import.lossy"),)
    if not contrast_agent(series.header):
        found += (Message("scan_import.no_contrast_recorded"),)
    return Scan(
        volume=volume,
        identity=identity_of(series.header),
        kind="dicom",
        technique=technique_of(series.header),
        remarks=remarks + found,
        source_dicom=source_of(series.header, stacked, None if stacked.is_tilted else orientation),
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
    decoded = decode_slices(series, stacked.frames)
    for done, (k, pixels) in enumerate(decoded, start=1):
        fill(voxels, k, pixels, stacked.frames[k].slope, stacked.frames[k].intercept)
        if done % 10 == 0:
            on_progress(Progress(Stage.OPEN, 0.5 + 0.5 * done / len(stacked.frames), "Decoding the slices"))
    return Volume(voxels, stacked.affine)
