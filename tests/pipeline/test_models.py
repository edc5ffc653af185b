import hashlib
import json
import os
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import save
from tiny_model import TINY, write_tiny_model

from vb_desktop.assets import asset
from vb_desktop.pipeline import models
from vb_desktop.pipeline.adaptive_diagnoser.build_network import build_network
from vb_desktop.pipeline.errors import ModelRefused
from vb_desktop.pipeline.models import (
    find_model,
    list_models,
    load_weights,
    model_hashes,
    user_models_folder,
    verify_models,
)


def refused(folder: Path) -> str:
    """Id of the sentence with which a model is refused."""
    with pytest.raises(ModelRefused) as error:
        load_weights(find_model(str(folder)), build_network(TINY))
    assert error.value.sentence() and error.value.advice()
    return error.value.message.id


def change_card(folder: Path, **changes: object) -> None:
    card = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(card | changes))


def replace_weights(folder: Path, data: bytes, name: str = "weights.safetensors") -> None:
    """Other weights, with a card that knows their hash."""
    (folder / name).write_bytes(data)
    card = json.loads((folder / "model.json").read_text())
    change_card(folder, weights=card["weights"] | {"file": name, "sha256": hashlib.sha256(data).hexdigest()})


def test_weights_arrive_and_further_tensors_are_returned(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path / "m", seed=5, further={"ood.mean": torch.ones(3, dtype=torch.float16)})
    network = build_network(TINY)
    further = load_weights(find_model(str(folder)), network)
    torch.manual_seed(5)
    expected = build_network(TINY).state_dict()
    assert all(torch.equal(value, expected[key]) for key, value in network.state_dict().items())
    assert list(further) == ["ood.mean"] and further["ood.mean"].dtype == torch.float32


def test_a_users_model_comes_before_the_shipped_one_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "asset", lambda name: tmp_path / "shipped" / name)
    write_tiny_model(tmp_path / "shipped" / "models" / "diagnoser", version="shipped")
    assert find_model("diagnoser").card.version == "shipped"
    write_tiny_model(user_models_folder() / "diagnoser", version="mine")
    assert find_model("diagnoser").card.version == "mine"
    assert find_model(str(tmp_path / "shipped" / "models" / "diagnoser")).card.version == "shipped"


@pytest.mark.parametrize("name", ["no-such-model", "", "..", "../diagnoser", "/nowhere/at/all"])
def test_a_missing_model_is_named(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelRefused) as error:
        find_model(name)
    assert error.value.message.id == "model.missing" and name in error.value.sentence()


def test_a_changed_byte_is_refused(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path / "m")
    data = bytearray((folder / "weights.safetensors").read_bytes())
    data[-1] ^= 1
    (folder / "weights.safetensors").write_bytes(data)
    assert refused(folder) == "model.hash"


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path / "m")
    (folder / "weights.safetensors").unlink()
    assert refused(folder) == "model.damaged"


def test_wrong_tensors_are_refused(tmp_path: Path) -> None:
    good = build_network(TINY).state_dict()
    name = "head.linear.weight"
    fewer = {key: value for key, value in good.items() if key != name}
    other = good | {name: torch.zeros(4, 3)}
    assert refused(write_tiny_model(tmp_path / "fewer", tensors=fewer)) == "model.tensors"
    assert refused(write_tiny_model(tmp_path / "other", tensors=other)) == "model.tensors"


def test_weights_that_are_not_numbers_are_refused(tmp_path: Path) -> None:
    bad = build_network(TINY).state_dict() | {"head.linear.bias": torch.tensor([0.0, float("nan"), 0, 0])}
    assert refused(write_tiny_model(tmp_path / "m", tensors=bad)) == "model.not_finite"


class Bomb:
    """Says when it is unpickled."""

    def __reduce__(self) -> tuple[object, ...]:
        return (exec, ("import os; os.environ['VB_BOMB'] = 'went off'",))


def test_a_pickle_is_never_opened(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path / "m")
    replace_weights(folder, pickle.dumps(Bomb()))
    assert refused(folder) == "model.damaged"
    replace_weights(folder, pickle.dumps(Bomb()), name="weights.pt")
    assert refused(folder) == "model.damaged"
    torch.save(build_network(TINY).state_dict(), folder / "torch.safetensors")
    replace_weights(folder, (folder / "torch.safetensors").read_bytes())
    assert refused(folder) == "model.damaged"
    assert "VB_BOMB" not in os.environ


@pytest.mark.parametrize(
    "file", ["../other/weights.safetensors", "/etc/weights.safetensors", "a\\..\\w.safetensors", "C:w.safetensors", ""]
)
def test_a_card_may_not_lead_out_of_its_folder(tmp_path: Path, file: str) -> None:
    folder = write_tiny_model(tmp_path / "m")
    write_tiny_model(tmp_path / "other")
    card = json.loads((folder / "model.json").read_text())
    change_card(folder, weights=card["weights"] | {"file": file})
    assert refused(folder) == "model.damaged"
    change_card(folder, weights=card["weights"], licence_file="../other/model.json")
    assert refused(folder) == "model.damaged"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder, other = write_tiny_model(tmp_path / "m"), write_tiny_model(tmp_path / "other")
    (folder / "weights.safetensors").unlink()
    (folder / "weights.safetensors").symlink_to(other / "weights.safetensors")
    assert refused(folder) == "model.damaged"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 1}', "\udcff"])
def test_a_broken_card_is_one_sentence(tmp_path: Path, text: str) -> None:
    folder = write_tiny_model(tmp_path / "m")
    (folder / "model.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert refused(folder) == "model.damaged"


def test_unknown_keys_in_a_card_are_refused(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path / "m")
    change_card(folder, run="rm")
    assert refused(folder) == "model.damaged"


def test_every_part_is_listed_and_verified() -> None:
    names = {f"hd-bet-fold-{n}" for n in range(5)} | {"mni152-template", "rules", "diagnoser"}
    assert names <= {status.name for status in list_models()}
    states = {status.name: status.state for status in verify_models()}
    assert {name: states[name] for name in names} == dict.fromkeys(names, "ok")
    assert "no weights" in next(status.note for status in list_models() if status.name == "rules")


def test_verify_tells_changed_missing_and_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("fine", "changed", "missing", "unreadable"):
        write_tiny_model(user_models_folder() / name)
    (user_models_folder() / "changed" / "weights.safetensors").write_bytes(b"other")
    (user_models_folder() / "missing" / "weights.safetensors").unlink()
    (user_models_folder() / "unreadable" / "model.json").write_text("{")
    fold = tmp_path / "0.model"
    fold.write_bytes(b"other")
    found = {"hd-bet-fold-0": fold, "hd-bet-fold-1": None}
    monkeypatch.setattr(models, "foreign_file", lambda name: found.get(name, None))
    states = {status.name: status.state for status in verify_models()}
    assert [states[n] for n in ("fine", "changed", "missing", "unreadable")] == ["ok", "changed", "missing", "changed"]
    assert (states["hd-bet-fold-0"], states["hd-bet-fold-1"]) == ("changed", "missing")
    listed = {status.name: status.state for status in list_models()}
    assert (listed["fine"], listed["changed"], listed["missing"]) == ("present", "present", "missing")


def test_without_a_diagnoser_the_list_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "asset", lambda name: tmp_path / name)
    assert [status.state for status in list_models() if status.kind == "diagnoser"] == ["missing"]


def test_hashes_are_those_of_the_files_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_tiny_model(tmp_path / "m")
    monkeypatch.setattr(models, "foreign_file", lambda name: None)
    first = model_hashes(str(folder))
    assert first == {"m": find_model(str(folder)).sha256}
    before = models._hash.cache_info().misses
    assert model_hashes(str(folder)) == first
    assert models._hash.cache_info().misses == before
    (folder / "weights.safetensors").write_bytes(b"other weights")
    assert model_hashes(str(folder)) == {"m": hashlib.sha256(b"other weights").hexdigest()}


def test_the_shipped_diagnoser_is_small_and_says_what_it_is() -> None:
    model = find_model(str(asset("models") / "diagnoser"))
    assert model.weights.stat().st_size < 25e6
    assert model.card.synthetic
    assert "Demonstration model, trained on synthetic cases: not for clinical use" in model.card.description
    accuracy = next(metric for metric in model.card.metrics if metric.name == "accuracy")
    assert accuracy.low is not None and accuracy.low > 0.25  # better than chance, with its whole interval
    assert accuracy.n >= 100 and "synthetic" in accuracy.data
    assert model.card.calibration is not None and model.card.out_of_distribution is not None


def test_safetensors_of_another_net_is_not_taken_for_ours(tmp_path: Path) -> None:
    folder = write_tiny_model(tmp_path / "m")
    replace_weights(folder, save({"weight": torch.zeros(3)}))
    assert refused(folder) == "model.tensors"
