"""Adaptive-Diagnoser: from the processed scan and the refined prior to a diagnosis with its evidence and its doubt."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from scipy import ndimage
from torch import Tensor

from vb_desktop.pipeline.adaptive_diagnoser.build_network import input_grid, load_network
from vb_desktop.pipeline.adaptive_diagnoser.calibration import distance_from_training, prediction_set, softmax
from vb_desktop.pipeline.adaptive_diagnoser.grad_cam import grad_cam, normalise
from vb_desktop.pipeline.adaptive_diagnoser.input_grid import network_input, resample
from vb_desktop.pipeline.adaptive_diagnoser.intended_use import intended_use_remarks
from vb_desktop.pipeline.case import CLASSES, Diagnosis, ProcessedScan, RefinedPrior, Volume
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.models import InstalledModel, find_model
from vb_desktop.pipeline.progress import OnProgress, Progress, Stage, ignore

NAMES = {"glioma": "glioma", "pcnsl": "PCNSL", "germinoma": "germinoma", "other": "other"}


class AdaptiveDiagnoser:
    """Diagnose the localised region (Eq. 6-9) and show with Grad-CAM what the network looked at.

    The default model's network sees 96 x 96 x 80 voxels of 2 mm; one cell of its feature map is 16 mm (`DenseNet3D`).
    """

    def __init__(self, config: Config, *, model: InstalledModel | None = None) -> None:
        """Load the model.

        Args:
            config: all settings; `diagnose` is used.
            model: instead of the one that the settings name.

        Raises:
            ModelRefused: the model is missing or not what its card describes.
        """
        self.config = config.diagnose
        self.model = model or find_model(self.config.model)
        self.card = self.model.card
        self.grid = input_grid(self.card.input_grid)
        self.network, self.further = load_network(self.model, self.config.backbone)

    def __call__(
        self, processed: ProcessedScan, refined_prior: RefinedPrior | None, on_progress: OnProgress = ignore
    ) -> Diagnosis:
        """Diagnose one case.

        Args:
            processed: template space.
            refined_prior: same space; None only with `diagnose.without_prior`.
            on_progress: listener.

        Returns:
            The diagnosis; Grad-CAM on the grid of `processed.volume`.

        Raises:
            ValueError: there is no prior, or no voxel of it is above 0.5: no prior, no diagnosis.
        """
        prior = self._prior(processed, refined_prior)
        started = time.perf_counter()
        on_progress(Progress(Stage.DIAGNOSE, 0.0, "Diagnosing"))
        image, inside, brain = network_input(self.grid, processed.volume, processed.mask, prior)
        with torch.no_grad():
            features = self.network.backbone.features(self.network.volume(_batch(image), _batch(inside)))
            cells = self.network.cells(_batch(inside), features)
            logits = self.network.classify(features, cells)[0].numpy()
        temperature = self.card.calibration.temperature if self.card.calibration else 1.0
        p = softmax(logits, temperature)
        diagnosed = time.perf_counter()

        on_progress(Progress(Stage.DIAGNOSE, 0.5, "Computing Grad-CAM"))
        maps = grad_cam(self.network.head, features, cells)
        template = processed.volume
        cams = [normalise(resample(cam, self._cells(), template.affine, template.voxels.shape)) for cam in maps]
        region = prior.voxels > 0.5
        shares = [share_inside(cam, region) for cam in cams]
        seconds = {"diagnosis": diagnosed - started, "grad_cam": time.perf_counter() - diagnosed}

        set90 = prediction_set(p, self.card.calibration.quantile90 if self.card.calibration else 1.0)
        ood = self._distance(features, cells)
        remarks = [
            *self._doubts(set90, ood),
            *self._cam_remarks(int(p.argmax()), maps[p.argmax()], inside > 0.5),
            *((Message("diagnosis.without_prior"),) if refined_prior is None else ()),
            *intended_use_remarks(self.grid, inside > 0.5, brain),
        ]
        on_progress(Progress(Stage.DIAGNOSE, 1.0, "Diagnosed"))
        return Diagnosis(
            probabilities={name: float(value) for name, value in zip(CLASSES, p, strict=True)},
            set90=tuple(CLASSES[k] for k in set90),
            abstain=len(set90) > 1 or ood["state"] == "out",
            ood=ood,
            grad_cam={name: template.like(cam) for name, cam in zip(CLASSES, cams, strict=True)},
            cam_in_prior=dict(zip(CLASSES, shares, strict=True)),
            model=self.card.model_dump(mode="json", by_alias=True),
            remarks=tuple(remarks),
            seconds=seconds,
        )

    def _prior(self, processed: ProcessedScan, refined_prior: RefinedPrior | None) -> Volume:
        if refined_prior is None:
            if not self.config.without_prior:
                raise ValueError("refined_prior must be given unless diagnose.without_prior is set, got None")
            return processed.mask.like(processed.mask.voxels.astype(np.float32))
        if not (refined_prior.volume.voxels > 0.5).any():
            raise ValueError("refined_prior must have a voxel above 0.5: no prior, no diagnosis; got an empty one")
        return refined_prior.volume

    def _cells(self) -> npt.NDArray[Any]:
        return self.grid.cells(self.network.backbone.stride, self.network.backbone.first_cell)

    def _distance(self, features: Tensor, cells: Tensor) -> dict[str, Any]:
        card, mean, deviation = self.card.out_of_distribution, self.further.get("ood.mean"), self.further.get("ood.std")
        if card is None or mean is None or deviation is None:
            return {"score": None, "threshold": None, "state": "not_assessed"}
        embedding = self.network.embed(features, cells)
        score = float(distance_from_training(embedding, mean, deviation)[0])
        return {"score": score, "threshold": card.threshold, "state": "out" if score > card.threshold else "in"}

    def _doubts(self, set90: tuple[int, ...], ood: dict[str, Any]) -> list[Message]:
        doubts = [Message("case.demo_model")] if self.card.synthetic else []
        if self.card.calibration is None:
            doubts.append(Message("diagnosis.not_calibrated"))
        if ood["state"] == "out":
            doubts.append(Message("diagnosis.outside_training", {k: ood[k] for k in ("score", "threshold")}))
        if ood["state"] == "not_assessed":
            doubts.append(Message("diagnosis.ood_not_assessed"))
        if len(set90) > 1:
            names = [NAMES[CLASSES[k]] for k in set90]
            doubts.append(Message("diagnosis.undecided", {"classes": ", ".join(names)}))
        return doubts

    def _cam_remarks(self, top: int, cam: npt.NDArray[Any], region: npt.NDArray[Any]) -> list[Message]:
        """Whether the Grad-CAM of the most probable class lies where the tumour is; `region` on the network's grid."""
        name = NAMES[CLASSES[top]]
        if not cam.any():
            return [Message("diagnosis.cam_empty", {"name": name})]
        # A map of 16 mm cells can't be sharper than a cell: one cell around the region still counts as inside.
        reach = self.grid.spacing_mm * self.network.backbone.stride
        near = ndimage.distance_transform_edt(~region, sampling=self.grid.spacing_mm) <= reach
        share = share_inside(resample(cam, self._cells(), self.grid.affine, self.grid.shape), near)
        return [Message("diagnosis.cam_outside", {"name": name, "share": share})] if share < 0.5 else []


def share_inside(cam: npt.NDArray[Any], region: npt.NDArray[Any]) -> float:
    """Share of a map's mass inside a region, in [0, 1]; 0 for an empty map."""
    total = float(cam.sum(dtype=np.float64))
    return float(cam[region].sum(dtype=np.float64)) / total if total > 0 else 0.0


def _batch(voxels: npt.NDArray[Any]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(voxels, dtype=np.float32))[None, None]
