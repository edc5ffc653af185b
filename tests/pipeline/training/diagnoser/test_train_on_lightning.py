"""Training runs on Lightning; a killed one ends as an undisturbed one."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from easy_cases import RECIPE, easy_set

from vb_desktop.pipeline.errors import TrainingRefused
from vb_desktop.pipeline.training.diagnoser import diagnoser_module
from vb_desktop.pipeline.training.diagnoser.hardware import Hardware
from vb_desktop.pipeline.training.diagnoser.held_out import apply_network
from vb_desktop.pipeline.training.diagnoser.recipe import DiagnoserRecipe
from vb_desktop.pipeline.training.diagnoser.train_fold import read_result, train_fold
from vb_desktop.pipeline.training.diagnoser.train_network import CHECKPOINT, EpochDone, TrainedNetwork, train_network

CPU = Hardware(accelerator="cpu")
KILLED = RECIPE.changed({"epochs": 4})
SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import torch
torch.set_num_threads(1)
from pathlib import Path
from easy_cases import easy_set
from test_train_on_lightning import CPU, KILLED
from vb_desktop.pipeline.training.diagnoser import diagnoser_module
from vb_desktop.pipeline.training.diagnoser.train_network import train_network

step = diagnoser_module.DiagnoserModule.training_step
def told(self, batch, batch_idx):
    print("step", flush=True)
    sys.stdin.readline()
    return step(self, batch, batch_idx)
diagnoser_module.DiagnoserModule.training_step = told
train_network(easy_set(), range(16), KILLED, Path(sys.argv[2]), hardware=CPU)
"""


def _train(work: Path, recipe: DiagnoserRecipe = RECIPE, **options: object) -> TrainedNetwork:
    return train_network(easy_set(), range(16), recipe, work, hardware=CPU, **options)  # type: ignore[arg-type]


def _same(one: TrainedNetwork, other: TrainedNetwork) -> bool:
    states = one.network.state_dict().values(), other.network.state_dict().values()
    return all(torch.equal(a, b) for a, b in zip(*states, strict=True))


def test_it_learns_and_the_seed_decides(tmp_path: Path) -> None:
    longer = RECIPE.changed({"epochs": 12, "learning_rate": 1e-2, "rotate": 0.0, "noise": 0.0, "gamma": 0.0})
    heard: list[EpochDone] = []
    trained = _train(tmp_path / "a", longer, on_epoch=heard.append)
    assert trained.losses[-1] < trained.losses[0] - 0.2 and [done.epoch for done in heard] == list(range(1, 13))
    assert not trained.network.training and trained.writes
    assert (tmp_path / "a" / "log" / "version_0" / "metrics.csv").is_file()
    data = easy_set()
    answers = apply_network(trained.network, data, range(16))
    assert answers.logits.shape == (16, 4) and answers.embeddings.shape == (16, trained.network.embedding)
    one = RECIPE.changed({"epochs": 1})
    again, other = _train(tmp_path / "b", one), _train(tmp_path / "c", one.changed({"seed": 1}))
    assert _same(again, _train(tmp_path / "d", one)) and not _same(again, other)


def test_a_training_killed_at_random_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    torch.set_num_threads(1)
    whole = _train(tmp_path / "whole", KILLED)
    steps = 16  # four an epoch, of four epochs
    allowed = random.SystemRandom().randint(5, steps - 1)  # after the first checkpoint, before the end
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(Path(__file__).parent), str(tmp_path / "killed")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        for _ in range(allowed):
            assert process.stdout.readline() == "step\n"
            process.stdin.write("\n")
            process.stdin.flush()
        assert process.stdout.readline() == "step\n"
        process.send_signal(signal.SIGKILL)
    heard: list[EpochDone] = []
    resumed = _train(tmp_path / "killed", KILLED, on_epoch=heard.append)
    assert heard[0].epoch == allowed // 4 + 1, f"killed in step {allowed + 1}"
    assert resumed.losses == whole.losses and _same(resumed, whole), f"killed in step {allowed + 1}"


def test_a_foreign_or_damaged_checkpoint_is_refused_and_one_of_another_recipe_is_not_used(tmp_path: Path) -> None:
    first = _train(tmp_path, RECIPE.changed({"epochs": 1}))
    other = _train(tmp_path, RECIPE.changed({"epochs": 1, "seed": 3}))
    assert not _same(first, other) and len(other.losses) == 1
    checkpoint = tmp_path / CHECKPOINT
    checkpoint.write_bytes(b"\x80\x04\x95 a pickle of sorts")
    with pytest.raises(TrainingRefused) as raised:
        _train(tmp_path, RECIPE.changed({"epochs": 1, "seed": 3}))
    assert CHECKPOINT in raised.value.sentence()


def test_a_fold_is_kept_and_not_trained_again(tmp_path: Path) -> None:
    data, held_out = easy_set(), [0, 1, 2, 3]
    recipe, result = RECIPE.changed({"epochs": 1}), tmp_path / "fold.json"
    found = train_fold(data, held_out, recipe, result, tmp_path / "work", distances=True, hardware=CPU)
    assert found is not None and read_result(result) == found and not (tmp_path / "work").exists()
    assert found.names == data.names[:4] and len(found.distances) == 4 and np.asarray(found.logits).shape == (4, 4)
    written = result.stat().st_mtime_ns
    assert train_fold(data, held_out, recipe, result, tmp_path / "work", distances=True, hardware=CPU) == found
    assert result.stat().st_mtime_ns == written
    changed = train_fold(data, held_out, recipe.changed({"seed": 9}), result, tmp_path / "work", hardware=CPU)
    assert changed is not None and changed.identity != found.identity


def test_ctrl_c_stays_an_interrupt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(diagnoser_module.DiagnoserModule, "training_step", pressed)
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # Lightning switches Ctrl-C off for good
    with pytest.raises(KeyboardInterrupt):
        _train(tmp_path)
