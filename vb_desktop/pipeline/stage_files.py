"""What each stage leaves in the folder, and how it is read back when the stage has not to run again."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from vb_desktop.pipeline.atomic import write_text
from vb_desktop.pipeline.case import (
    Array,
    Box,
    CoarsePrior,
    Diagnosis,
    Localization,
    ProcessedScan,
    RefinedPrior,
    Scan,
    Transforms,
    Volume,
)
from vb_desktop.pipeline.case_folder import read_case, read_volume, write_identity, write_volume
from vb_desktop.pipeline.case_record import BoxEditRecord, BoxRecord, CaseRecord
from vb_desktop.pipeline.errors import CaseFolderError
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.tumor_localizer.box_book import BoxBook, BoxEdit

TRANSFORMS = "transforms/transforms.json"
FILES: dict[str, tuple[str, ...]] = {
    "open": ("scan.nii.gz", "patient.json", "source_dicom.json"),
    "process": ("brain_mask.nii.gz", "processed.nii.gz", "processed_mask.nii.gz", "transforms/*"),
    "boxes": (),
    "localize": (
        "coarse_prior.nii.gz", "refined_prior.nii.gz", "mlp.nii.gz",
        "native/coarse_prior.nii.gz", "native/refined_prior.nii.gz",
    ),
    "diagnose": ("grad_cam_*.nii.gz", "native/grad_cam_*.nii.gz"),
    "report": ("report.pdf",),
}  # fmt: skip
"""Stage -> patterns of the files that it alone writes."""
IDENTITY = ("patient.json", "source_dicom.json", "report.pdf")
"""Bear the patient's identity: a hash in `case.json` could be used to guess it."""


def files_of(folder: Path, stage: str) -> dict[str, str]:
    """What a stage has left in the folder: name -> sha256, empty for identity-bearing files."""
    found = {path for pattern in FILES[stage] for path in folder.glob(pattern) if path.is_file()}
    names = sorted(path.relative_to(folder).as_posix() for path in found)
    return {name: "" if name in IDENTITY else _sha256(folder / name) for name in names}


def sound(folder: Path, files: Mapping[str, str]) -> bool:
    """Whether files are as a stage left them: a power loss can cut them short, and anybody can change them."""
    for name, sha256 in files.items():
        path = folder / name
        try:
            if sha256 and _sha256(path) != sha256:
                return False
            if path.suffix == ".json":
                json.loads(path.read_bytes())
        except (OSError, ValueError):
            return False
    return True


def clear(folder: Path, stage: str) -> None:
    """Remove what a stage has left, so that nothing outlives the result that it belonged to."""
    for pattern in FILES[stage]:
        for path in folder.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_scan(folder: Path, scan: Scan) -> None:
    """`scan.nii.gz`, `patient.json` and, for DICOM, `source_dicom.json`."""
    write_volume(folder / "scan.nii.gz", scan.volume)
    write_identity(folder, scan.identity)
    (folder / "source_dicom.json").unlink(missing_ok=True)
    if scan.source_dicom is not None:
        write_text(folder / "source_dicom.json", json.dumps(scan.source_dicom, indent=1, ensure_ascii=False))


def read_scan(folder: Path, record: CaseRecord) -> Scan:
    """The scan as `write_scan` left it; technique and remarks from `case.json`."""
    source = folder / "source_dicom.json"
    return Scan(
        volume=read_volume(folder / "scan.nii.gz"),
        identity=read_case(folder).identity,
        kind="dicom" if source.is_file() else "nifti",
        technique=record.technique,
        remarks=remarks_of(record, "scan_import"),
        source_dicom=json.loads(source.read_text(encoding="utf-8")) if source.is_file() else None,
        synthetic=record.synthetic,
    )


def write_processed(folder: Path, processed: ProcessedScan) -> None:
    """`processed.nii.gz`, both masks and the list of transform files (the files are already in `transforms/`)."""
    write_volume(folder / "brain_mask.nii.gz", processed.native_mask)
    write_volume(folder / "processed.nii.gz", processed.volume)
    write_volume(folder / "processed_mask.nii.gz", processed.mask)
    way = processed.transforms
    (folder / TRANSFORMS).parent.mkdir(exist_ok=True)
    write_text(
        folder / TRANSFORMS,
        json.dumps(
            {
                "forward": way.forward,
                "inverse": way.inverse,
                "inverse_inverted": way.inverse_inverted,
                "convention": "ANTs files in ANTs order (the last is applied first), LPS millimetres",
            },
            indent=2,
        ),
    )


def same_scan(folder: Path, scan: Scan) -> bool:
    """Whether the folder's scan is this one, voxel by voxel and where it lies."""
    try:
        before = read_volume(folder / "scan.nii.gz")
    except CaseFolderError:
        return False
    return np.array_equal(before.voxels, scan.volume.voxels) and np.allclose(before.affine, scan.volume.affine)


def read_transforms(folder: Path) -> Transforms:
    """The way between the spaces, as `write_processed` left it."""
    way = json.loads((folder / TRANSFORMS).read_text(encoding="utf-8"))
    names = [*way["forward"], *way["inverse"]]
    if any(Path(name).name != name for name in names):
        raise ValueError("a transform file must lie in transforms/")
    return Transforms(
        folder / "transforms",
        forward=tuple(way["forward"]),
        inverse=tuple(way["inverse"]),
        inverse_inverted=tuple(way["inverse_inverted"]),
    )


def read_processed(folder: Path) -> ProcessedScan:
    """The processed scan as `write_processed` left it."""
    return ProcessedScan(
        volume=read_volume(folder / "processed.nii.gz"),
        mask=read_volume(folder / "processed_mask.nii.gz"),
        native_mask=read_volume(folder / "brain_mask.nii.gz"),
        native_grid=read_volume(folder / "scan.nii.gz"),
        transforms=read_transforms(folder),
    )


def write_localization(folder: Path, found: Localization, processed: ProcessedScan) -> Volume | None:
    """The three priors and their twins in native space; without a box, none of them.

    Returns:
        The refined prior in native space, float32 as it was carried there.
    """
    if found.coarse_prior is None or found.refined_prior is None:
        return None
    write_volume(folder / "coarse_prior.nii.gz", found.coarse_prior.volume)
    write_volume(folder / "refined_prior.nii.gz", found.refined_prior.volume)
    write_volume(folder / "mlp.nii.gz", found.refined_prior.mlp)
    _write_native(folder, "coarse_prior", found.coarse_prior.volume, processed)
    return _write_native(folder, "refined_prior", found.refined_prior.volume, processed)


def read_localization(folder: Path, record: CaseRecord) -> Localization:
    """Boxes from `case.json`, priors from their files."""
    boxes = tuple(box.box() for box in record.boxes_in_force)
    coarse = refined = None
    if boxes:
        coarse = CoarsePrior(read_volume(folder / "coarse_prior.nii.gz"))
        refined = RefinedPrior(
            read_volume(folder / "refined_prior.nii.gz"), read_volume(folder / "mlp.nii.gz"), tau=float("nan")
        )
    return Localization(boxes, coarse, refined, record.slices_looked_at)


def write_diagnosis(folder: Path, diagnosis: Diagnosis, processed: ProcessedScan) -> None:
    """Grad-CAM of every class, in both spaces."""
    for name, volume in diagnosis.grad_cam.items():
        write_volume(folder / f"grad_cam_{name}.nii.gz", volume.like(_rounded(volume.voxels)))
        _write_native(folder, f"grad_cam_{name}", volume, processed)


def box_records(book: BoxBook, processed: ProcessedScan) -> list[BoxRecord]:
    """Every box of the book, its corners in native space: at voxel edges, counter-clockwise from left posterior."""
    every = sorted((book.found | book.drawn).items(), key=lambda item: (item[1].k, item[1].i0, item[1].j0, item[0]))
    if not every:
        return []
    native = box_corners([box for _, box in every], processed)
    alive = book.in_force
    return [
        BoxRecord(
            **asdict(box),
            id=id_,
            in_force=id_ in alive,
            native_corners_mm=tuple(tuple(corner) for corner in four),  # type: ignore[arg-type]
        )
        for (id_, box), four in zip(every, native, strict=True)
    ]


def box_corners(boxes: Sequence[Box], processed: ProcessedScan) -> list[list[list[float]]]:
    """Corners of boxes in native space, RAS+ mm: at voxel edges, counter-clockwise from left posterior; (N, 4, 3)."""
    if not boxes:
        return []
    corners = np.array(
        [
            [
                [b.i0 - 0.5, b.j0 - 0.5, b.k],
                [b.i1 - 0.5, b.j0 - 0.5, b.k],
                [b.i1 - 0.5, b.j1 - 0.5, b.k],
                [b.i0 - 0.5, b.j1 - 0.5, b.k],
            ]
            for b in boxes
        ],
        dtype=np.float64,
    )
    native: Array = processed.points_to_native(processed.volume.to_mm(corners.reshape(-1, 3))).reshape(corners.shape)
    return [[[round(float(x), 2) for x in corner] for corner in four] for four in native]


def box_edit_records(book: BoxBook) -> list[BoxEditRecord]:
    """The reader's corrections for `case.json`."""
    return [BoxEditRecord.model_validate(asdict(edit)) for edit in book.edits]


def read_book(record: CaseRecord) -> BoxBook:
    """Boxes and corrections from `case.json`."""
    every = {box.id: box.box() for box in record.boxes}
    return BoxBook(
        found={id_: box for id_, box in every.items() if box.source != "reader"},
        drawn={id_: box for id_, box in every.items() if box.source == "reader"},
        edits=tuple(
            BoxEdit(edit.action, tuple(edit.replaced), tuple(edit.made), edit.author, edit.time, edit.undone)
            for edit in record.box_edits
        ),
    )


def remarks_of(record: CaseRecord, part: str) -> tuple[Message, ...]:
    """The remarks of a case that one part of the pipeline made (a message id starts with its part's name)."""
    return tuple(Message(r.id, r.params) for r in record.remarks if r.id.startswith(f"{part}."))


def _write_native(folder: Path, name: str, volume: Volume, processed: ProcessedScan) -> Volume:
    native = processed.to_native(volume, "linear")
    write_volume(folder / "native" / f"{name}.nii.gz", native.like(_rounded(native.voxels)))
    return native


def _rounded(voxels: Array) -> Array:
    """In [0, 1], in steps of 1/255 as a screen shows them: for files that are only looked at, a tenth of the size."""
    return (np.round(np.clip(voxels, 0.0, 1.0) * 255.0) / 255.0).astype(np.float32)
