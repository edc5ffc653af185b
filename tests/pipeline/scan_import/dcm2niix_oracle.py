"""dcm2niix, the conversion that most of the field relies on, as the oracle of our own reading."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import nibabel as nib
import numpy as np
from pydicom import dcmread

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.scan_import.canonical import closest_canonical
from vb_desktop.pipeline.scan_import.dicom import read_volume
from vb_desktop.pipeline.scan_import.dicom_folder import find_series
from vb_desktop.pipeline.scan_import.dicom_geometry import stack
from vb_desktop.pipeline.scan_import.dicom_slices import leave_out_repeats
from vb_desktop.pipeline.scan_import.dicom_values import text
from vb_desktop.pipeline.scan_import.quiet import quiet
from vb_desktop.pipeline.scan_import.series import Series
from vb_desktop.pipeline.scan_import.tilt import straighten


@dataclass(frozen=True, eq=False)
class Read:
    """A series as it is read below the checks for a whole head: cut-outs of four slices too.

    Attributes:
        series: of the folder.
        volume: closest canonical; None where it is refused.
        refusal: id of the sentence.
    """

    series: Series
    volume: Volume | None
    refusal: str = ""


@dataclass(frozen=True)
class Difference:
    """Between two volumes of one shape.

    Attributes:
        affine_mm: farthest that two corners lie apart.
        entry: largest difference of two entries of the affines.
        voxels: largest difference of two voxels, as a share of the largest value.
    """

    affine_mm: float
    entry: float
    voxels: float


def read_all(path: Path) -> list[Read]:
    """Every volume of every series under a path."""
    with quiet():
        return [_read(series) for series in find_series(path).series]


def _read(series: Series) -> Read:
    try:
        whole, _ = leave_out_repeats(series)
        stacked = stack(whole.frames)
        volume = read_volume(whole, stacked)
        return Read(series, closest_canonical(straighten(volume) if stacked.is_tilted else volume)[0])
    except UnreadableScan as error:
        return Read(series, None, error.message.id.removeprefix("scan_import."))


def convert(path: Path) -> tuple[dict[str, Volume], str]:
    """What dcm2niix makes of a folder or a file, closest canonical, by name; and what it says.

    Philips values are asked for as the scanner displays them (-p n): by default it undoes Philips' private scaling. Of
    other scanners that option would leave out a rescaling that changes from slice to slice.
    """
    import dcm2niix

    volumes: dict[str, Volume] = {}
    with TemporaryDirectory() as folder:
        scaling = "n" if _is_philips(path) else "y"
        command = [dcm2niix.bin, *f"-p {scaling} -z n -b n -f %s -o".split(), folder]
        if path.is_file():
            command += ["-s", "y"]
        done = subprocess.run([*command, str(path)], capture_output=True, text=True, timeout=120, check=False)
        for made in sorted(Path(folder).glob("*.nii")):
            image = nib.as_closest_canonical(nib.load(made))
            voxels = np.asarray(image.dataobj)
            if voxels.ndim == 3 and not voxels.dtype.fields:
                volumes[made.stem] = Volume(voxels.astype(np.float32), image.affine)
            else:
                volumes[f"{made.stem} {voxels.shape} {voxels.dtype}"] = Volume(np.zeros((1, 1, 1), "f4"), np.eye(4))
    return volumes, done.stdout


def _is_philips(path: Path) -> bool:
    file = path if path.is_file() else next(path.rglob("*.dcm"))
    return "philips" in text(dcmread(file, stop_before_pixels=True), "Manufacturer").lower()


def nearest(ours: Volume, theirs: dict[str, Volume]) -> tuple[str, Difference] | None:
    """The volume of the same shape that comes closest."""
    found = [(name, difference(ours, one)) for name, one in theirs.items() if one.voxels.shape == ours.voxels.shape]
    return min(found, key=lambda one: (one[1].voxels, one[1].affine_mm)) if found else None


def difference(one: Volume, other: Volume) -> Difference:
    """Of two volumes of one shape."""
    corners: Array = np.array([(*c, 1) for c in product(*((0, n - 1) for n in one.voxels.shape))], dtype=float)
    away = np.linalg.norm(corners @ (one.affine - other.affine).T, axis=1).max()
    scale = max(float(np.abs(other.voxels).max()), 1e-6)
    voxels = float(np.abs(one.voxels.astype(np.float64) - other.voxels).max()) / scale
    return Difference(float(away), float(np.abs(one.affine - other.affine).max()), voxels)
