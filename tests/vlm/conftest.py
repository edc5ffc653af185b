"""The small checkpoint that the project trained, and whole synthetic cases that it has not seen."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from vb_desktop.pipeline.case import Array, ProcessedScan, Transforms, Volume

CHECKPOINT = Path(__file__).resolve().parent / "small_qwen3_vl"
"""Written by `python -m vb_desktop.pipeline.training.small_vlm export`."""


@pytest.fixture(scope="session")
def checkpoint() -> Path:
    if not CHECKPOINT.is_dir():
        pytest.skip("the small checkpoint has not been trained yet")
    return CHECKPOINT


@pytest.fixture(scope="session")
def unseen_case() -> tuple[ProcessedScan, Array]:
    """A case of a cohort of another seed than those learned from or chosen by: the scan and its tumour."""
    from vb_desktop.pipeline.training.small_vlm.pictures import synthetic_case
    from vb_desktop.pipeline.training.synthetic_cohort import SyntheticCohort

    cohort = SyntheticCohort(4, 424242)
    volume, brain, tumour = synthetic_case(cohort[0], cohort)
    mask = Volume(brain.astype(np.uint8), volume.affine)
    return ProcessedScan(volume, mask, mask, volume, Transforms(Path())), tumour


@pytest.fixture(scope="session")
def served(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `transformers serve` with the small checkpoint."""
    folder = tmp_path_factory.mktemp("serve")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = Path(__file__).with_name("serve_without_torchvision.py")
    command = [sys.executable, str(script), "serve", str(checkpoint), "--host", "127.0.0.1", "--port", str(port)]
    command += ["--device", "cpu", "--dtype", "float32"]
    quiet = {"HF_HUB_OFFLINE": "1", "HF_HUB_CACHE": str(folder), "OMP_NUM_THREADS": "1"}
    with (folder / "log").open("wb") as log:
        child = subprocess.Popen(command, env={**os.environ, **quiet}, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/health", child, folder / "log")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            child.terminate()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _wait(url: str, child: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if child.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"the server did not start:\n{log.read_text(errors='replace')[-2000:]}")
