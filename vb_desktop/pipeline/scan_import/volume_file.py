"""The list of a file that holds one volume and no series, such as NIfTI, NRRD or MetaImage."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.progress import OnProgress, ignore
from vb_desktop.pipeline.scan_import.open_scan import open_scan
from vb_desktop.pipeline.scan_import.series_list import Geometry, ListedVolume, SeriesList
from vb_desktop.pipeline.scan_import.t1ce_likelihood import Reason, T1CELikelihood


def list_volume_file(path: Path, on_progress: OnProgress = ignore) -> SeriesList:
    """A list of one volume, read whole, since such a header says little.

    Args:
        path: a file that `open_scan` reads.
        on_progress: hears of the steps.

    Raises:
        UnreadableScan: it is not one readable 3D MRI of a head.
    """
    scan = open_scan(path, on_progress=on_progress)
    columns, rows, slices = scan.volume.voxels.shape
    spacing = np.round(scan.volume.spacing, 4)
    geometry = Geometry(columns, rows, slices, (spacing[0].item(), spacing[1].item(), spacing[2].item()), "axial", None)
    listed = ListedVolume(
        id="",
        uid="",
        number="",
        description="",
        part="",
        study=1,
        acquired="",
        modality="",
        kind="volume file",
        technique=dict(scan.technique),
        images=slices,
        geometry=geometry,
        t1ce=T1CELikelihood(0.0, (Reason(Message("scan_import.reason_volume_file"), 0.0),), ""),
        why_unusable=None,
        remarks=scan.remarks,
        middle=None,
        volume_file=path,
    )
    return SeriesList((listed,), None, Message("scan_import.proposed_file"), 1, ())


def middle_slice(path: Path) -> tuple[Array, tuple[float, float]]:
    """The middle axial slice in radiological convention, and the distance of its rows and columns in mm.

    Raises:
        UnreadableScan: as `list_volume_file`.
    """
    volume = open_scan(path).volume  # RAS: i grows to the right, j to the front
    middle = volume.voxels[::-1, ::-1, volume.voxels.shape[2] // 2].T
    return middle, (float(volume.spacing[1]), float(volume.spacing[0]))
