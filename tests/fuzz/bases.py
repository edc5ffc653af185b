"""Real scans, in every format that is read, to be damaged: made from the test data in a scratch folder."""

from __future__ import annotations

import gzip
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from pydicom import dcmread
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

REDUCED_SLICES = 4  # every fourth slice of the classic series, so that it opens quickly


@dataclass(frozen=True)
class Base:
    """A scan that opens.

    Attributes:
        name: for the summary.
        path: file or folder.
        small: a cut-out, which opens only where the limits on the size of a head are lifted.
        weight: how often it is taken.
    """

    name: str
    path: Path
    small: bool = False
    weight: int = 4

    @property
    def format(self) -> str:
        """dicom, nifti, nrrd, mha or zip: how it is damaged."""
        return self.name.split()[0]


def make_bases(data: Path, scratch: Path) -> list[Base]:
    """Write the scans.

    Args:
        data: the folder of test data.
        scratch: an empty folder.
    """
    import nibabel as nib
    import numpy as np
    import SimpleITK as itk

    dicom = data / "dicom"
    reference = dicom / "siemens_xa30_enhanced_t1" / "5_anat-T1w_reference.nii"
    (enhanced,) = (dicom / "siemens_xa30_enhanced_t1" / "5_anat-T1w").glob("*.dcm")
    bases = [Base("dicom enhanced explicit", _copy(enhanced, scratch / "enhanced.dcm"), weight=8)]
    for name, syntax in (("implicit", ImplicitVRLittleEndian), ("deflated", DeflatedExplicitVRLittleEndian)):
        dataset = dcmread(enhanced)
        dataset.file_meta.TransferSyntaxUID = syntax
        dataset.save_as(scratch / f"{name}.dcm", implicit_vr=name == "implicit", little_endian=True)
        bases.append(Base(f"dicom enhanced {name}", scratch / f"{name}.dcm"))
    for name, syntax in (("RLE", RLELossless), ("JPEG-LS", JPEGLSLossless), ("JPEG 2000", JPEG2000Lossless)):
        dataset = dcmread(enhanced)
        dataset.compress(syntax, generate_instance_uid=False)
        dataset.save_as(scratch / f"{name}.dcm")
        bases.append(Base(f"dicom enhanced {name}", scratch / f"{name}.dcm", weight=5))
    classic = sorted((dicom / "philips_classic_t1_adni_mprage").iterdir())
    bases.append(Base("dicom classic, 170 files", _folder(classic, scratch / "classic"), weight=2))
    reduced = _folder(_in_order(classic)[::REDUCED_SLICES], scratch / "reduced")
    bases.append(Base("dicom classic, every 4th", reduced, weight=10))
    with zipfile.ZipFile(scratch / "reduced.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(reduced.iterdir()):
            archive.write(path, f"S/{path.name}")
    bases.append(Base("zip of every 4th", scratch / "reduced.zip", weight=5))
    for name in ("compressed", "compressed_jpeg", "compressed_jpegls", "compressed_j2k", "compressed_rle"):
        files = sorted((dicom / "dicom2nifti_tests" / "generic" / name / "001").iterdir())
        bases.append(Base(f"dicom cut-out {name}", _folder(files, scratch / name), small=True, weight=2))
    bases.append(Base("nifti plain", _copy(reference, scratch / "scan.nii"), weight=10))
    (scratch / "scan.nii.gz").write_bytes(gzip.compress(reference.read_bytes(), 6))
    bases.append(Base("nifti gz", scratch / "scan.nii.gz", weight=10))
    brats = data / "tumours3d" / "BraTS2021_00006" / "t1ce.nii.gz"
    bases.append(Base("nifti gz BraTS", _copy(brats, scratch / "brats.nii.gz"), weight=1))
    image = nib.load(reference)
    voxels = np.asarray(image.dataobj)
    lps = np.diag([-1.0, -1.0, 1.0, 1.0]) @ image.affine
    edges = np.linalg.norm(lps[:3, :3], axis=0)
    written = itk.GetImageFromArray(np.ascontiguousarray(voxels.transpose(2, 1, 0)))
    written.SetSpacing(edges.tolist())
    written.SetDirection((lps[:3, :3] / edges).ravel().tolist())
    written.SetOrigin(lps[:3, 3].tolist())
    for name in ("scan.nrrd", "scan.mha"):
        for packed in (False, True):
            path = scratch / ("packed_" * packed + name)
            itk.WriteImage(written, str(path), useCompression=packed)
            bases.append(Base(f"{path.suffix[1:]} {'compressed' if packed else 'raw'}", path, weight=4))
    return bases


def _copy(source: Path, target: Path) -> Path:
    shutil.copyfile(source, target)
    return target


def _folder(sources: list[Path], target: Path) -> Path:
    target.mkdir()
    for n, source in enumerate(sources):
        shutil.copyfile(source, target / f"IM{n:04d}")
    return target


def _in_order(paths: list[Path]) -> list[Path]:
    def place(path: Path) -> float:
        import numpy as np

        header = dcmread(
            path, stop_before_pixels=True, specific_tags=["ImagePositionPatient", "ImageOrientationPatient"]
        )
        rows, columns = np.reshape(header.ImageOrientationPatient, (2, 3)).astype(float)
        return float(np.cross(rows, columns) @ np.array(header.ImagePositionPatient, dtype=float))

    return sorted(paths, key=place)
