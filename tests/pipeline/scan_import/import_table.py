"""A Markdown table of every DICOM series of the test data, read here and by dcm2niix.

`python tests/pipeline/scan_import/import_table.py [FOLDER]`
"""

from __future__ import annotations

import sys
from pathlib import Path

import nibabel as nib
from dcm2niix_oracle import Read, convert, difference, nearest, read_all
from pydicom import dcmread
from pydicom.uid import UID

from vb_desktop.pipeline.case import Volume
from vb_desktop.pipeline.errors import UnreadableScan
from vb_desktop.pipeline.scan_import.dicom_values import text
from vb_desktop.pipeline.scan_import.open_scan import open_scan

_HEAD = (
    "series",
    "vendor",
    "kind",
    "transfer syntax",
    "grid",
    "ours, as a head scan",
    "ours, below that check",
    "dcm2niix",
    "affine: largest entry, mm",
    "farthest corner, mm",
    "voxels equal",
    "remarks",
)


def rows(root: Path) -> list[tuple[str, ...]]:
    """One row for each volume found."""
    found: list[tuple[str, ...]] = []
    for path in _inputs(root):
        theirs, said = convert(path)
        try:
            reads = read_all(path)
        except UnreadableScan as error:
            found.append((_name(root, path), "", "", "", "", error.message.id, "", _made(theirs), "", "", "", ""))
            continue
        for read in reads:
            found.append(_row(root, path, read, theirs, said))
    return found


def _inputs(root: Path) -> list[Path]:
    folders = sorted({path.parent for path in root.rglob("*.dcm")})
    small = root / "pydicom_enhanced_mr_small"
    return [path for path in folders if path != small] + sorted(small.glob("*.dcm"))


def _row(root: Path, path: Path, read: Read, theirs: dict[str, Volume], said: str) -> tuple[str, ...]:
    header = read.series.header
    syntax = UID(text(header.file_meta, "TransferSyntaxUID"))
    kind = "Enhanced" if len(read.series.frames) > read.series.files else "classic"
    grid = " x ".join(map(str, read.volume.voxels.shape)) if read.volume else "-"
    below = "volume" if read.volume else read.refusal
    entry = place = voxels = "-"
    remarks = [line.strip() for line in said.splitlines() if "arning" in line or "rror" in line]
    match = nearest(read.volume, theirs) if read.volume else None
    if match:
        entry, place = f"{match[1].entry:.1e}", f"{match[1].affine_mm:.1e}"
        voxels = "yes" if match[1].voxels < 1e-6 else f"no ({100 * match[1].voxels:.3g} % of the largest)"
    reference = path.parent / f"{path.name}_reference.nii"
    if read.volume and reference.exists():
        image = nib.as_closest_canonical(nib.load(reference))
        own = difference(read.volume, Volume(image.get_fdata(dtype="f4"), image.affine))
        remarks.append(f"reference NIfTI: {own.affine_mm:.1e} mm, voxels {'equal' if own.voxels == 0 else 'differ'}")
    vendor = text(dcmread(next(iter(read.series.paths.values())), stop_before_pixels=True), "Manufacturer")
    return (
        _name(root, path) + (f" ({read.series.detail})" if getattr(read.series, "detail", "") else ""),
        vendor.split(" ")[0][:12],
        f"{kind} {text(header, 'Modality')}",
        syntax.name.split(",")[0].replace("Little Endian", "LE")[:34],
        grid,
        _opened(path),
        below,
        _made(theirs),
        entry,
        place,
        voxels,
        "; ".join(dict.fromkeys(remarks))[:160],
    )


def _opened(path: Path) -> str:
    try:
        return "volume: " + (", ".join(one.id.removeprefix("scan_import.") for one in open_scan(path).remarks) or "-")
    except UnreadableScan as error:
        return error.message.id.removeprefix("scan_import.")


def _made(theirs: dict[str, Volume]) -> str:
    if not theirs:
        return "nothing"
    return ", ".join(f"{name}: {' x '.join(map(str, one.voxels.shape))}" for name, one in theirs.items())


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix().replace("dicom2nifti_tests/", "")


def main() -> None:
    """Print it."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data/dicom")
    print(f"| {' | '.join(_HEAD)} |\n|{'---|' * len(_HEAD)}")
    for row in rows(root):
        print(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |", flush=True)


if __name__ == "__main__":
    main()
