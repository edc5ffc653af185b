"""The real scans of the benchmark and where they come from."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np

from vb_desktop.pipeline.case import Array, Volume


@dataclass(frozen=True, slots=True)
class BenchmarkCase:
    """One scan.

    Attributes:
        name: of the case, as in the table.
        kind: "head": whole head, brain extraction is measured; "tumour": skull stripped, N4 and SyN are measured.
        where: below the data folder; empty for the synthetic combination.
        note: what the reader of the table must know.
    """

    name: str
    kind: str
    where: str
    note: str


CASES: tuple[BenchmarkCase, ...] = (
    BenchmarkCase(
        "seg3D_MR", "head", "controls/seg3D_MR/t1_wholehead.nii.gz", "T1 without contrast, 1.0 x 0.9 x 0.9 mm"
    ),
    BenchmarkCase("philips_adni", "head", "dicom/philips_classic_t1_adni_mprage", "DICOM, sagittal MPRAGE, healthy"),
    BenchmarkCase("BraTS2021_00006", "tumour", "tumours3d/BraTS2021_00006", "enhancing"),
    BenchmarkCase("BraTS2021_01479", "tumour", "tumours3d/BraTS2021_01479", "enhancing, core of 183 mL"),
    BenchmarkCase("Brats18_TCIA02_135_1", "tumour", "tumours3d/Brats18_TCIA02_135_1", "enhancing"),
    BenchmarkCase(
        "xa30_series5", "head", "dicom/siemens_xa30_enhanced_t1/5_anat-T1w", "DICOM, Enhanced multi-frame T1"
    ),
    BenchmarkCase(
        "brats_in_head", "head", "", "synthetic combination: the brain of BraTS2021_00006 set into the head of seg3D_MR"
    ),
    BenchmarkCase("BraTS2021_01476", "tumour", "tumours3d/BraTS2021_01476", "hardly enhancing"),
)
"""In the order in which the reference is computed."""


def case_named(name: str) -> BenchmarkCase:
    """The case of that name.

    Raises:
        KeyError: there is none.
    """
    return {case.name: case for case in CASES}[name]


def data_folder() -> Path:
    """Where the real data lie; as for the tests.

    Raises:
        FileNotFoundError: nowhere.
    """
    default = Path(__file__).resolve().parents[4] / "shared" / "data"
    folder = Path(os.environ.get("VB_TEST_DATA", default))
    if not folder.is_dir():
        raise FileNotFoundError("set VB_TEST_DATA to the folder of the real data")
    return folder


def load(case: BenchmarkCase) -> Volume:
    """The scan in closest canonical RAS, float32."""
    if not case.where:
        from tests.benchmarks.processing.brain_in_head import brain_in_head

        return brain_in_head()
    from vb_desktop.pipeline.scan_import.open_scan import open_scan

    path = data_folder() / case.where
    return open_scan(path / "t1ce.nii.gz" if case.kind == "tumour" else path).volume


def tumour(case: BenchmarkCase) -> Array:
    """The expert's labels of a tumour case in closest canonical RAS: uint8, 1 necrotic, 2 oedema, 4 enhancing."""
    image = nib.as_closest_canonical(nib.load(data_folder() / case.where / "seg.nii.gz"))
    return np.asarray(image.dataobj).astype(np.uint8)
