"""Install a model: look it over as if it were used, then put it among the user's models, all or nothing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from vb_desktop.pipeline.atomic import sync_tree
from vb_desktop.pipeline.errors import ModelRefused
from vb_desktop.pipeline.models import CARD, InstalledModel, find_model, user_models_folder

PARTS_OF_ZIP = 64
LARGEST_BYTES = 4 * 2**30


def install_model(source: Path, name: str | None = None) -> InstalledModel:
    """Copy a model to the user's model folder, where it comes before a shipped one of the same name.

    Only the card, the weights and the licence are copied. A model of the same name that was there is replaced in one
    step; whatever goes wrong before that leaves it as it is.

    Args:
        source: a model's folder, its `model.json`, or a zip of the folder.
        name: to install it as; "diagnoser" and "localizer" are what the settings ask for by default. The kind's
            default where None.

    Raises:
        ModelRefused: there is no model, it is not what its card says, or it can't be used here.
    """
    if source.is_file() and source.suffix.lower() == ".zip":
        with TemporaryDirectory(prefix="vb-model-") as unpacked:
            return install_model(_unpack(source, Path(unpacked)), name)
    folder = source.parent if source.name == CARD else source
    if not (folder / CARD).is_file():
        raise ModelRefused("model.missing", name=source.name, cause=f"there is no {CARD} in it")
    model = find_model(str(folder.resolve()))
    _try_out(model)
    name = name or model.card.kind
    if Path(name).name != name or name in ("", ".", "..") or name.startswith("."):
        raise ModelRefused("model.name", name=name)
    place = user_models_folder()
    place.mkdir(parents=True, exist_ok=True)
    fresh, old = place / f".{uuid4().hex[:12]}.new", place / f".{uuid4().hex[:12]}.old"
    try:
        fresh.mkdir()
        for file in (CARD, model.card.weights.file, model.card.licence_file):
            if file is not None:
                (fresh / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / file, fresh / file)
        sync_tree(fresh)
        if (place / name).exists():
            os.replace(place / name, old)
        try:
            os.replace(fresh, place / name)
        except OSError:
            if old.exists():
                os.replace(old, place / name)
            raise
    except OSError as error:
        raise ModelRefused("model.not_installed", name=name, cause=error.strerror or str(error)) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
    return find_model(name)


def _try_out(model: InstalledModel) -> None:
    """Build the network and load the weights, as a diagnosis or a localisation would."""
    if model.card.kind == "diagnoser":
        from vb_desktop.pipeline.adaptive_diagnoser.build_network import load_network

        load_network(model, model.card.architecture.backbone)
    else:
        from vb_desktop.pipeline.tumor_localizer.slice_detector import load_detector

        load_detector(str(model.folder))


def _unpack(archive: Path, folder: Path) -> Path:
    """The folder inside a zip that holds the card; nothing is written outside `folder`."""
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(archive) as held:
            parts = [part for part in held.infolist() if not part.is_dir()]
            safe = all(
                not Path(part.filename).is_absolute() and ".." not in Path(part.filename).parts for part in parts
            )
            if len(parts) > PARTS_OF_ZIP or sum(part.file_size for part in parts) > LARGEST_BYTES or not safe:
                raise ModelRefused("model.damaged", name=archive.name, cause="the zip holds more than a model")
            cards = [part.filename for part in parts if Path(part.filename).name == CARD]
            if len(cards) != 1:
                raise ModelRefused("model.missing", name=archive.name, cause=f"the zip must hold one {CARD}")
            held.extractall(folder)
            return folder / Path(cards[0]).parent
    except (BadZipFile, OSError) as error:
        raise ModelRefused("model.damaged", name=archive.name, cause="it is not a zip that can be read") from error
