"""The program's default recipe on one case, in one warm process; every stage measured, every result hashed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nibabel as nib
import numpy as np

from tests.benchmarks.processing.cases import case_named
from tests.benchmarks.processing.measured import forget_peak, measured, peak_mb
from tests.benchmarks.processing.store import read_volume, reference_folder, write_volume
from vb_desktop.pipeline.case import Array, Identity, Scan, Transforms, Volume
from vb_desktop.pipeline.config import Config, SkullStrippingConfig
from vb_desktop.pipeline.mri_processor import mri_processor
from vb_desktop.pipeline.mri_processor.registration import Registration
from vb_desktop.pipeline.mri_processor.template import template, template_mask
from vb_desktop.pipeline.plugins import create

FLOAT32 = {"skull_stripping.precision": "float32"}


def modes() -> dict[str, dict[str, Any]]:
    """Name of a mode -> changes of the default settings: as shipped, and with HD-BET in float32 where that differs."""
    has_precision = "precision" in SkullStrippingConfig.model_fields
    return {"default": {}} | ({"float32": FLOAT32} if has_precision else {})


def run_here(name: str, mode: str, repeats: int) -> dict[str, Any]:
    """Run a case several times in this process and keep the last results.

    Returns:
        "runs": a list of stage -> cost; "hashes": what each run gave; "peak_mb": of the whole process.
    """
    case, folder = case_named(name), reference_folder() / name
    changes = modes()[mode]
    scan = read_volume(folder / "input.nii.gz")
    scan = Volume(np.asarray(scan.voxels, dtype=np.float32), scan.affine)
    kept = folder / f"ours_{mode}"
    _warm(case.kind == "head")
    forget_peak()
    runs, hashes = [], []
    for _ in range(repeats):
        if case.kind == "head":
            costs, made = _strip(scan, Config.load(changes=changes), kept)
        else:
            costs, made = _process(scan, Config.load(changes=changes | {"input.space": "skull-stripped"}), kept)
        runs.append(costs)
        hashes.append(made)
    return {"runs": runs, "hashes": hashes, "peak_mb": peak_mb()}


def run_chain_here(name: str, mode: str) -> dict[str, Any]:
    """A whole head through all the stages, once: its cost, its peak memory, and how it lies on the template."""
    folder = reference_folder() / name
    scan = read_volume(folder / "input.nii.gz")
    _warm(True)
    forget_peak()
    costs, made = _process(
        Volume(np.asarray(scan.voxels, dtype=np.float32), scan.affine),
        Config.load(changes=modes()[mode]),
        folder / f"ours_{mode}_chain",
    )
    return {"runs": [costs], "hashes": [made], "peak_mb": peak_mb()}


def _strip(scan: Volume, config: Config, kept: Path) -> tuple[dict[str, Any], dict[str, str]]:
    strip = create("skull_strippers", config.skull_stripping.method, config=config.skull_stripping)
    with measured() as cost:
        mask = strip(scan)
    write_volume(kept / "native_mask.nii.gz", mask)
    return {"skull_stripping": cost.as_json()}, {"mask": _hash(mask.voxels)}


def _process(scan: Volume, config: Config, kept: Path) -> tuple[dict[str, Any], dict[str, str]]:
    costs: dict[str, Any] = {}
    listening = _Listening(create("registrations", config.registration.method, config=config.registration))
    whole = Scan(volume=scan, identity=Identity())
    with _stages_measured(costs), TemporaryDirectory(prefix="vb-benchmark-") as work:
        done = mri_processor.MRIProcessor(config, registration=listening)(whole, Path(work))
        kept.mkdir(parents=True, exist_ok=True)
        for name in {*done.transforms.forward, *done.transforms.inverse}:
            (kept / name).write_bytes((done.transforms.folder / name).read_bytes())
        hashes = listening.hashes | {
            "mask": _hash(done.native_mask.voxels),
            "processed": _hash(done.volume.voxels),
            "template_mask": _hash(done.mask.voxels),
        }
    for name, volume in (("native_mask", done.native_mask), ("processed", done.volume), ("template_mask", done.mask)):
        write_volume(kept / f"{name}.nii.gz", volume)
    transforms = done.transforms
    lists = [list(transforms.forward), list(transforms.inverse), list(transforms.inverse_inverted)]
    (kept / "transforms.json").write_text(json.dumps(lists))
    return costs, hashes


class _Listening:
    """A registration that also hashes what goes in (the corrected brain) and what comes out (the transforms)."""

    def __init__(self, registration: Registration) -> None:
        self.registration = registration
        self.hashes: dict[str, str] = {}

    def __call__(
        self,
        brain: Volume,
        mask: Volume,
        template: Volume,
        template_mask: Volume,
        folder: Path,
        lesion: Volume | None = None,
    ) -> Transforms:
        transforms = self.registration(brain, mask, template, template_mask, folder, lesion)
        self.hashes["corrected"] = _hash(brain.voxels)
        for name in sorted({*transforms.forward, *transforms.inverse}):
            path = transforms.folder / name
            # The voxels, not the file: gzip writes the time into it.
            content = np.asarray(nib.load(path).dataobj) if name.endswith(".nii.gz") else path.read_bytes()
            self.hashes[name] = _hash(content)
        return transforms


@contextmanager
def _stages_measured(costs: dict[str, Any]) -> Iterator[None]:
    """Take the processor's own division into stages, and CPU seconds with it."""

    @contextmanager
    def timed(seconds: dict[str, float], name: str) -> Iterator[None]:
        with measured() as cost:
            yield
        seconds[name], costs[name] = cost.wall, cost.as_json()

    own = mri_processor._timed
    mri_processor._timed = timed
    try:
        yield
    finally:
        mri_processor._timed = own


def _warm(head: bool) -> None:
    """Imports, and the template's maps: they are paid once a process."""
    from vb_desktop.pipeline.mri_processor import ants_bridge, bias_field  # noqa: F401

    template(), template_mask()
    if head:
        import torch  # noqa: F401


def _hash(content: Array | bytes) -> str:
    data = content if isinstance(content, bytes) else np.ascontiguousarray(content).tobytes()
    return sha256(data).hexdigest()
