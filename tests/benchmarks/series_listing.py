"""How fast 1,000 DICOM files are listed, from a folder, a zip and a DICOMDIR, against reading their headers plainly.

    python -m tests.benchmarks.series_listing DATA [COUNT]

DATA is the folder of the real scans; COUNT files are made of its Philips series, 170 a series, under other UIDs. Each
way is measured three times in one process, after one listing to warm up; the shortest counts.
"""

from __future__ import annotations

import sys
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydicom import dcmread
from pydicom.fileset import FileSet
from pydicom.uid import generate_uid

from vb_desktop.pipeline.scan_import.open_scan import open_scan
from vb_desktop.pipeline.scan_import.series_list import SeriesList, list_series
from vb_desktop.pipeline.scan_import.thumbnails import thumbnails

SOURCE = "dicom/philips_classic_t1_adni_mprage"
REPEATS = 3


def main() -> None:
    """Make the files, measure, print the table."""
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    count = int(sys.argv[2]) if len(sys.argv) == 3 else 1000
    warnings.simplefilter("ignore")  # of pydicom, on values of the scanner
    with tempfile.TemporaryDirectory() as work:
        folder = make_files(Path(sys.argv[1]) / SOURCE, Path(work, "folder"), count)
        places = {"folder": folder, "zip, deflated": pack(folder, zipfile.ZIP_DEFLATED)}
        places["zip, stored"] = pack(folder, zipfile.ZIP_STORED)
        places["DICOMDIR"] = press(folder)
        files = sorted(folder.iterdir())
        list_series(folder)
        plain = shortest(lambda: [dcmread(path, stop_before_pixels=True) for path in files])
        print(f"{count} files. Wall clock (processor time), the shortest of {REPEATS}.\n")
        print(f"{'':16}{'seconds':>16}{'files/s':>10}{'times as fast':>15}")
        row("pydicom, plain", plain, count, plain)
        for name, path in places.items():
            row(name, shortest(lambda path=path: list_series(path)), count, plain)  # type: ignore[misc]
        for name, path in places.items():
            show_thumbnails(name, list_series(path))
        for name, path in places.items():
            chosen = list_series(path).volumes[0].id
            wall, cpu = shortest(lambda path=path, chosen=chosen: open_scan(path, chosen), repeats=1)  # type: ignore[misc]
            print(f"one series of {name} opened in {wall:.2f} s ({cpu:.2f})")


def make_files(source: Path, folder: Path, count: int) -> Path:
    """Copies of a real series under other UIDs, series after series."""
    folder.mkdir()
    originals = [dcmread(path) for path in sorted(source.iterdir())]
    for n in range(count):
        dataset = originals[n % len(originals)]
        if n % len(originals) == 0:
            series = generate_uid()
        dataset.SeriesInstanceUID, dataset.SeriesNumber = series, n // len(originals) + 1
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        dataset.save_as(folder / f"IM{n:05d}")
    return folder


def pack(folder: Path, method: int) -> Path:
    """The same files in a zip archive."""
    path = folder.with_name(f"{method}.zip")
    with zipfile.ZipFile(path, "w", method) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    return path


def press(folder: Path) -> Path:
    """The same files as a CD has them."""
    files = FileSet()
    for path in folder.iterdir():
        files.add(path)
    files.write(folder.with_name("cd"))
    return folder.with_name("cd") / "DICOMDIR"


def shortest(work: Callable[[], object], repeats: int = REPEATS) -> tuple[float, float]:
    """Seconds on the clock and of the processor."""
    took = []
    for _ in range(repeats):
        with clock() as seconds:
            work()
        took.append((seconds[0], seconds[1]))
    return min(wall for wall, _ in took), min(cpu for _, cpu in took)


@contextmanager
def clock() -> Iterator[list[float]]:
    """Fills a list with seconds on the clock and of the processor."""
    seconds: list[float] = []
    wall, cpu = time.perf_counter(), time.process_time()
    yield seconds
    seconds += [time.perf_counter() - wall, time.process_time() - cpu]


def row(name: str, took: tuple[float, float], count: int, plain: tuple[float, float]) -> None:
    """Print one line; the ratio is that of processor time, which the load of the machine leaves alone."""
    wall, cpu = took
    print(f"{name:16}{f'{wall:.2f} ({cpu:.2f})':>16}{count / wall:10.0f}{plain[1] / cpu:15.1f}")


def show_thumbnails(name: str, listing: SeriesList) -> None:
    """Print when the first and the last thumbnail came."""
    begun, came = time.perf_counter(), []
    for one in thumbnails(listing):
        assert one.pixels is not None
        came.append(time.perf_counter() - begun)
    print(f"thumbnails of {name}: the first after {came[0]:.3f} s, all {len(came)} after {came[-1]:.3f} s")


if __name__ == "__main__":
    main()
