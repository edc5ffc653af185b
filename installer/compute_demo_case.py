"""Compute `assets/demo/case` from `assets/demo/scan.nii.gz` with the models that ship; after a change of either.

A test compares the hashes of the models with those that the case was made with, so that it can't go stale.
"""

from __future__ import annotations

import gzip
from pathlib import Path

from vb_desktop.assets import asset
from vb_desktop.cli.progress_bar import progress_bar
from vb_desktop.pipeline.atomic import atomic_path
from vb_desktop.pipeline.case_folder import read_record, write_record
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.run_case import run_case
from vb_desktop.pipeline.stage_files import files_of


def pack(path: Path) -> None:
    """Compress a file as small as gzip can: it ships, and is written once."""
    content = gzip.decompress(path.read_bytes())
    with atomic_path(path) as temporary:
        temporary.write_bytes(gzip.compress(content, 9, mtime=0))


if __name__ == "__main__":
    with progress_bar() as on_progress:
        case = run_case(asset("demo/scan.nii.gz"), asset("demo/case"), Config(), on_progress, force=True)
    for file in case.folder.rglob("*.nii.gz"):
        pack(file)
    record = read_record(case.folder)
    stages = {n: s.model_copy(update={"files": files_of(case.folder, n)}) for n, s in record.stages.items()}
    write_record(case.folder, record.model_copy(update={"stages": stages}))
    print(case.record.status, {name: stage.seconds for name, stage in case.record.stages.items()})
