"""Adaptive-Diagnoser: from the processed scan and the priors to a diagnosis with its evidence and its doubt."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from scipy import ndimage
from torch import Tensor

from vb_desktop.pipeline.adaptive_diagnoser import trust
from vb_desktop.pipeline.adaptive_diagnoser.build_network import input_grid, load_network
from vb_desktop.pipeline.adaptive_diagnoser.calibration import prediction_set, softmax
from vb_desktop.pipeline.adaptive_diagnoser.case_measures import case_measures
from vb_desktop.pipeline.adaptive_diagnoser.grad_cam import ClassMaps, Layer, grad_cam, normalise
from vb_desktop.pipeline.adaptive_diagnoser.input_grid import network_input, resample
from vb_desktop.pipeline.adaptive_diagnoser.intended_use import intended_use_remarks
from vb_desktop.pipeline.adaptive_diagnoser.training_reference import Reference
from vb_desktop.pipeline.adaptive_diagnoser.trust import share_inside
from vb_desktop.pipeline.adaptive_diagnoser.views import spread, views
from vb_desktop.pipeline.case import CLASSES, CoarsePrior, Diagnosis, Grade, ProcessedScan, RefinedPrior, Volume
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.models import InstalledModel, find_model
from vb_desktop.pipeline.progress import OnProgress, Progress, Stage, ignore

Array = npt.NDArray[Any]


class AdaptiveDiagnoser:
    """Diagnose the localised region (Eq. 6-9), show with Grad-CAM what the network looked at, and say what to doubt."""

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
        self.network, further = load_network(self.model, self.config.backbone)
        self.reference = Reference.of(further, self.network.embedding)

    def __call__(
        self,
        processed: ProcessedScan,
        refined_prior: RefinedPrior | None,
        on_progress: OnProgress = ignore,
        *,
        coarse_prior: CoarsePrior | None = None,
        age: float | None = None,
    ) -> Diagnosis:
        """Diagnose one case; the same case gives the same answer.

        Args:
            processed: template space.
            refined_prior: same space; None only with `diagnose.without_prior`.
            on_progress: listener.
            coarse_prior: same space; needed by a network that was trained with it.
            age: of the patient, in years.

        Returns:
            The diagnosis; Grad-CAM on the grid of `processed.volume`.

        Raises:
            ValueError: there is no prior, or no voxel of it is above 0.5: no prior, no diagnosis.
        """
        localised = self._localised(processed, refined_prior)
        started = time.perf_counter()
        on_progress(Progress(Stage.DIAGNOSE, 0.0, "Diagnosing"))
        image, inside, brain = network_input(self.grid, processed.volume, processed.mask, localised)
        prior = self._prior(processed, inside, coarse_prior)
        copies = list(views(image, prior, mirror=self.grid.is_symmetric))
        logits, embedding = self._answer(*copies[0])
        temperature = self.card.calibration.temperature if self.card.calibration else 1.0
        p = softmax(logits, temperature)
        top = int(p.argmax())
        diagnosed = time.perf_counter()

        on_progress(Progress(Stage.DIAGNOSE, 0.3, "Computing Grad-CAM"))
        layer = self._layer()
        maps = grad_cam(self.network, _batch(image), _batch(prior), method=self.config.cam_method, layer=layer)
        cells = self.grid.cells(maps.stride, maps.first_cell)
        template = processed.volume
        cams = [normalise(resample(cam, cells, template.affine, template.voxels.shape)) for cam in maps.maps]
        region = localised.voxels > 0.5
        shown = time.perf_counter()

        on_progress(Progress(Stage.DIAGNOSE, 0.7, "Looking at mirrored and moved copies"))
        steadiness = spread(np.stack([p, *(softmax(self._answer(*copy)[0], temperature) for copy in copies[1:])]))
        looked = time.perf_counter()

        set90 = prediction_set(p, self.card.calibration.quantile90 if self.card.calibration else 1.0)
        card = self.card.out_of_distribution
        measures = case_measures(self.grid, image, prior, brain)
        distance = trust.of_distance(self.reference, card, embedding)
        gates = trust.of_measures(card, measures)
        use = intended_use_remarks(self.grid, inside > 0.5, brain, age)
        cell_mm = self.grid.spacing_mm * maps.stride
        grades = [
            trust.of_calibration(self.card.calibration),
            trust.of_set(set90),
            distance,
            *gates,
            trust.of_spread(steadiness, top),
            trust.of_cam(top, *self._share_near(maps, top, inside > 0.5, brain), cell_mm),
            trust.of_intended_use(use),
        ]
        on_progress(Progress(Stage.DIAGNOSE, 1.0, "Diagnosed"))
        return Diagnosis(
            probabilities={name: float(value) for name, value in zip(CLASSES, p, strict=True)},
            set90=tuple(CLASSES[k] for k in set90),
            abstain=trust.abstains(set90, distance, gates),
            ood=_ood(distance, gates),
            grad_cam={name: template.like(cam) for name, cam in zip(CLASSES, cams, strict=True)},
            cam_in_prior={name: share_inside(cam, region) for name, cam in zip(CLASSES, cams, strict=True)},
            model=self.card.model_dump(mode="json", by_alias=True),
            remarks=tuple(self._remarks(grades, use, refined_prior is None)),
            seconds={"diagnosis": diagnosed - started, "grad_cam": shown - diagnosed, "views": looked - shown},
            grades=tuple(grades),
            spread={
                "copies": steadiness.copies,
                "others": steadiness.others,
                "deviation": dict(zip(CLASSES, steadiness.deviation.tolist(), strict=True)),
            },
            cam={"method": self.config.cam_method, "layer": layer, "cell_mm": cell_mm},
        )

    def _localised(self, processed: ProcessedScan, refined_prior: RefinedPrior | None) -> Volume:
        if refined_prior is None:
            if not self.config.without_prior:
                raise ValueError("refined_prior must be given unless diagnose.without_prior is set, got None")
            return processed.mask.like(processed.mask.voxels.astype(np.float32))
        if not (refined_prior.volume.voxels > 0.5).any():
            raise ValueError("refined_prior must have a voxel above 0.5: no prior, no diagnosis; got an empty one")
        return refined_prior.volume

    def _prior(self, processed: ProcessedScan, inside: Array, coarse_prior: CoarsePrior | None) -> Array:
        """The prior that the network was trained with, on its grid; `inside` is the refined one."""
        if self.network.localization != "coarse" or self.config.without_prior:
            return inside
        if coarse_prior is None:
            raise ValueError("coarse_prior must be given to a network that was trained with it, got None")
        return network_input(self.grid, processed.volume, processed.mask, coarse_prior.volume)[1]

    def _layer(self) -> Layer:
        if self.config.cam_layer != "auto":
            return self.config.cam_layer
        return "early" if self.network.backbone.early_stride < self.network.backbone.stride else "last"

    def _answer(self, image: Array, prior: Array) -> tuple[Array, Array]:
        """Logits (K,) and embedding (1, E)."""
        with torch.no_grad():
            features = self.network.backbone.features(self.network.volume(_batch(image), _batch(prior)))
            cells = self.network.cells(_batch(prior), features)
            logits = self.network.classify(features, cells)[0]
            return logits.numpy(), self.network.embed(features, cells).numpy()

    def _share_near(self, maps: ClassMaps, top: int, region: Array, brain: Array) -> tuple[float | None, float]:
        """Share of a map's mass inside the region or within a cell of it (None for an empty map), and of an even map's.

        All on the network's grid.
        """
        # A map of coarse cells can't be sharper than a cell: one cell around the region still counts as inside.
        reach = self.grid.spacing_mm * maps.stride
        near = ndimage.distance_transform_edt(~region, sampling=self.grid.spacing_mm) <= reach
        even = share_inside(brain, near)
        if not maps.maps[top].any():
            return None, even
        cells = self.grid.cells(maps.stride, maps.first_cell)
        return share_inside(resample(maps.maps[top], cells, self.grid.affine, self.grid.shape), near), even

    def _remarks(self, grades: list[Grade], use: tuple[Message, ...], without_prior: bool) -> list[Message]:
        remarks = [Message("case.demo_model")] if self.card.synthetic else []
        remarks += [grade.message for grade in grades if grade.state != "good" and grade.id != "intended_use"]
        if without_prior:
            remarks.append(Message("diagnosis.without_prior"))
        return [*remarks, *use]


def _ood(distance: Grade, gates: list[Grade]) -> dict[str, Any]:
    """As `case.json` keeps it; `state` is that of the distance."""
    state = {"good": "in", "poor": "out", "doubtful": "not_assessed"}[distance.state]
    outside = [{"id": g.id, "value": g.value, "limit": g.threshold} for g in gates if g.state == "poor"]
    assessed = not any(g.state == "doubtful" for g in gates)
    return {
        "score": distance.value,
        "threshold": distance.threshold,
        "state": state,
        "outside": outside if assessed else None,
    }


def _batch(voxels: Array) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(voxels, dtype=np.float32))[None, None]
