"""Train one network on some of the cases with Lightning; resumable, and the same result whether interrupted or not."""

from __future__ import annotations

import hashlib
import json
import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytorch_lightning as lightning
import torch
from pytorch_lightning.callbacks import Checkpoint
from pytorch_lightning.loggers import CSVLogger, Logger, TensorBoardLogger

from vb_desktop.pipeline.adaptive_diagnoser.network import VirtualBiopsyNet
from vb_desktop.pipeline.atomic import write_text
from vb_desktop.pipeline.mri_processor.compute_device import multiplies_bfloat16
from vb_desktop.pipeline.training.diagnoser.diagnoser_module import DiagnoserModule
from vb_desktop.pipeline.training.diagnoser.hardware import Hardware
from vb_desktop.pipeline.training.diagnoser.recipe import DiagnoserRecipe
from vb_desktop.pipeline.training.diagnoser.safe_checkpoint import SafeCheckpointIO
from vb_desktop.pipeline.training.diagnoser.training_set import TrainingSet

CHECKPOINT = "last.safetensors"
IDENTITY = "training.json"


@dataclass(frozen=True, slots=True)
class EpochDone:
    """What an epoch came to: number from 1, of how many, mean loss, accuracy on the augmented training cases."""

    epoch: int
    epochs: int
    loss: float
    accuracy: float


OnEpoch = Callable[[EpochDone], None]


@dataclass(frozen=True, slots=True, eq=False)
class TrainedNetwork:
    """A network, ready to apply, and how its training went.

    Attributes:
        network: float32, evaluation mode, on the processor.
        losses: mean training loss of each epoch.
        precision: that it was trained in, as Lightning names it.
        writes: whether this process is the one that writes results; with several devices only one is.
    """

    network: VirtualBiopsyNet
    losses: list[float]
    precision: str
    writes: bool


def train_network(
    data: TrainingSet,
    numbers: Sequence[int],
    recipe: DiagnoserRecipe,
    work: Path,
    *,
    hardware: Hardware | None = None,
    on_epoch: OnEpoch = lambda _: None,
) -> TrainedNetwork:
    """Train on the cases `numbers`, from the checkpoint in `work` on where there is one.

    A checkpoint of another recipe or of other cases is not used: the training begins anew.

    Args:
        data: all cases.
        numbers: of those to learn from.
        recipe: how.
        work: folder of the checkpoint and the log (CSV; TensorBoard's too where that is installed).
        hardware: Lightning's own flags.
        on_epoch: listener.

    Raises:
        TrainingRefused: the checkpoint is damaged or foreign.
    """
    hardware = hardware or Hardware()
    work.mkdir(parents=True, exist_ok=True)
    checkpoint = work / CHECKPOINT
    with _quiet():
        module = DiagnoserModule(data, numbers, recipe, workers=hardware.workers)
        trainer = lightning.Trainer(
            accelerator=hardware.accelerator,
            devices=hardware.devices,
            num_nodes=hardware.nodes,
            strategy=hardware.strategy,
            precision=_precision(recipe, hardware),  # type: ignore[arg-type]
            max_epochs=recipe.epochs,
            accumulate_grad_batches=recipe.accumulate,
            gradient_clip_val=recipe.clip,
            plugins=[SafeCheckpointIO()],
            callbacks=[_EveryEpoch(checkpoint, on_epoch)],
            logger=_loggers(work),
            default_root_dir=work,
            enable_progress_bar=False,
            enable_model_summary=False,
            use_distributed_sampler=False,
            num_sanity_val_steps=0,
            log_every_n_steps=1,
        )
        identity = _identity(data, numbers, recipe, str(trainer.precision), trainer.world_size)
        if trainer.is_global_zero and not _same(work / IDENTITY, identity):
            checkpoint.unlink(missing_ok=True)
            write_text(work / IDENTITY, identity)
        try:
            trainer.fit(module, ckpt_path=checkpoint if checkpoint.is_file() else None)
        except SystemExit as end:
            if isinstance(end.__context__, KeyboardInterrupt):  # which Lightning turns into an exit of its own
                raise KeyboardInterrupt from end
            raise
    network = module.network.to("cpu", memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    return TrainedNetwork(network.eval(), module.losses, str(trainer.precision), trainer.is_global_zero)


class _EveryEpoch(Checkpoint):
    """After each epoch: keep everything, and tell; Lightning calls it after the module's own hook."""

    def __init__(self, path: Path, on_epoch: OnEpoch) -> None:
        super().__init__()
        self.path, self.on_epoch = path, on_epoch

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        assert isinstance(pl_module, DiagnoserModule)
        trainer.save_checkpoint(self.path)
        if trainer.is_global_zero:
            done = len(pl_module.losses)
            self.on_epoch(EpochDone(done, pl_module.recipe.epochs, pl_module.losses[-1], pl_module.accuracies[-1]))


def _precision(recipe: DiagnoserRecipe, hardware: Hardware) -> str:
    """As Lightning names it."""
    gpu = hardware.accelerator in ("auto", "gpu", "cuda") and torch.cuda.is_available()
    if recipe.precision == "float32":
        return "32-true"
    if gpu:
        return "bf16-mixed" if recipe.precision == "bfloat16" or torch.cuda.is_bf16_supported() else "16-mixed"
    on_cpu = hardware.accelerator == "cpu" or (hardware.accelerator == "auto" and not torch.backends.mps.is_available())
    return "bf16-mixed" if recipe.precision == "bfloat16" or (on_cpu and multiplies_bfloat16()) else "32-true"


def _identity(data: TrainingSet, numbers: Sequence[int], recipe: DiagnoserRecipe, precision: str, devices: int) -> str:
    names = "\n".join(sorted(data.names[number] for number in numbers))
    told = {
        "recipe": recipe.plain(),
        "cases": data.sha256,
        "learned_from": hashlib.sha256(names.encode()).hexdigest(),
        "precision": precision,
        "devices": devices,
    }
    return json.dumps(told, indent=1)


def _same(path: Path, identity: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") == identity
    except OSError:
        return False


def _loggers(work: Path) -> list[Logger]:
    loggers: list[Logger] = [CSVLogger(work, name="log")]
    if find_spec("tensorboard") is not None:
        loggers.append(TensorBoardLogger(work, name="tensorboard"))
    return loggers


@contextmanager
def _quiet() -> Iterator[None]:
    """Lightning's greetings and hints are not for our users."""
    logs = [logging.getLogger(name) for name in ("pytorch_lightning", "lightning.pytorch", "lightning.fabric")]
    levels = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="pytorch_lightning")
            warnings.filterwarnings("ignore", module="lightning_fabric")
            yield
    finally:
        for log, level in zip(logs, levels, strict=True):
            log.setLevel(level)
