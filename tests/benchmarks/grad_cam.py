"""How well a model's Grad-CAM finds the tumour, by method and layer, and how much of it the prior alone explains.

    python -m tests.benchmarks.grad_cam COHORT WORK [MODEL [CASES]]

COHORT holds cases with a truth (`vb-desktop cohort synthesize`), WORK keeps prepared cases, MODEL is a name or folder,
CASES how many (24: six of each class). Of the most probable class's map, inside the brain: the share of its mass within
the true tumour or a cell of the finer layer around it, the same for a map of even brightness, whether the brightest
place lies there, the share inside the refined prior; and Spearman's correlation over the brain with the map of a
network whose backbone, or head, is new (Adebayo 2018; mean of 2 seeds, the first eight cases).
"""

from __future__ import annotations

import copy
import sys
from pathlib import Path

import numpy as np
import torch
from scipy import ndimage
from scipy.stats import spearmanr

from vb_desktop.pipeline.adaptive_diagnoser.build_network import build_network, input_grid, load_network
from vb_desktop.pipeline.adaptive_diagnoser.grad_cam import grad_cam
from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid, resample, standardise
from vb_desktop.pipeline.adaptive_diagnoser.network import VirtualBiopsyNet
from vb_desktop.pipeline.adaptive_diagnoser.trust import share_inside
from vb_desktop.pipeline.case import CLASSES, Array
from vb_desktop.pipeline.case_folder import read_volume
from vb_desktop.pipeline.cohort.cohort import Cohort
from vb_desktop.pipeline.cohort.prepare import PreparedCase, prepare_cohort
from vb_desktop.pipeline.cohort.read_cohort import read_cohort
from vb_desktop.pipeline.config import Config
from vb_desktop.pipeline.models import find_model

KINDS = [(method, layer) for layer in ("last", "early") for method in ("hirescam", "grad-cam")]


def main() -> None:
    """Measure every case and print the table."""
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    model = find_model(sys.argv[3] if len(sys.argv) > 3 else "diagnoser")
    network, _ = load_network(model, model.card.architecture.backbone)
    grid = input_grid(model.card.input_grid)
    cohort = some_of_each(read_cohort(Path(sys.argv[1])), int(sys.argv[4]) if len(sys.argv) > 4 else 24)
    prepared = [case for case in prepare_cohort(cohort, Config(), grid, Path(sys.argv[2])) if case.found]
    rows: dict[tuple[str, str], list[list[float]]] = {kind: [] for kind in KINDS}
    right = 0
    for number, case in enumerate(prepared):
        x, prior, brain = inputs(case, network)
        with torch.no_grad():
            top = int(network(x, prior)[0].argmax())
        right += CLASSES[top] == case.case.label
        tumour = truth_of(case, grid)
        edge = grid.spacing_mm * network.backbone.early_stride
        near = (ndimage.distance_transform_edt(~tumour, sampling=grid.spacing_mm) <= edge) & brain
        changed = [
            (part, new(network, model.card.architecture, part, seed))
            for part in ("backbone", "head")
            for seed in (0, 1)
        ]
        for kind in KINDS:
            cam = map_of(network, x, prior, top, kind, grid) * brain
            found = [share_inside(cam, near), float(near.sum() / brain.sum())]
            found += [float(near[np.unravel_index(cam.argmax(), cam.shape)]), share_inside(cam, case.refined > 0.5)]
            likeness: dict[str, list[float]] = {"backbone": [], "head": []}
            for part, other in changed if number < 8 else []:
                again = map_of(other, x, prior, top, kind, grid)
                alike = float(spearmanr(cam[brain], again[brain]).statistic) if np.ptp(again[brain]) > 0 else 0.0
                likeness[part].append(alike)
            found += [float(np.mean(values)) if values else float("nan") for values in likeness.values()]
            rows[kind].append(found)
        print(case.case.name, f"{number + 1} of {len(prepared)}", flush=True)
    cells = " and ".join(f"{grid.spacing_mm * n:g}" for n in (network.backbone.stride, network.backbone.early_stride))
    print(f"{model.card.name}: {right} of {len(prepared)} right; cells of {cells} mm (last, early)")
    print("method    layer  in tumour  even map  brightest in tumour  in prior  like new backbone  like new head")
    for (method, layer), values in rows.items():
        means = np.nanmean(np.array(values), axis=0)
        print(f"{method:9} {layer:5}", *(f"{mean:10.2f}" for mean in means), f"  n = {len(values)}")


def some_of_each(cohort: Cohort, count: int) -> Cohort:
    """The first cases of each class, `count` together."""
    cases = [
        case
        for name in CLASSES
        for case in [c for c in cohort.cases if c.label == name and c.truth is not None][: count // len(CLASSES)]
    ]
    return Cohort(cases=tuple(cases), folder=cohort.folder, synthetic=cohort.synthetic)


def inputs(case: PreparedCase, network: VirtualBiopsyNet) -> tuple[torch.Tensor, torch.Tensor, Array]:
    """Volume and prior as the network gets them, and the brain."""
    brain = case.brain > 0
    image = standardise(case.image.astype(np.float32), brain)
    prior = (case.coarse if network.localization == "coarse" else case.refined).astype(np.float32)
    return torch.from_numpy(image)[None, None], torch.from_numpy(prior)[None, None], brain


def truth_of(case: PreparedCase, grid: InputGrid) -> Array:
    """The true tumour on the grid; at least its brightest voxel, however small it is."""
    assert case.case.truth is not None
    truth = read_volume(case.case.truth)
    share = grid.sample(truth.like((truth.voxels > 0).astype(np.float32)))
    return np.asarray(share >= min(0.5, float(share.max())))


def new(network: VirtualBiopsyNet, architecture: object, part: str, seed: int) -> VirtualBiopsyNet:
    """The network with one part as it was before any training."""
    torch.manual_seed(seed)
    changed, fresh = copy.deepcopy(network), build_network(architecture)  # type: ignore[arg-type]
    changed.get_submodule(part).load_state_dict(fresh.get_submodule(part).state_dict())
    return changed


def map_of(
    network: VirtualBiopsyNet, x: torch.Tensor, prior: torch.Tensor, top: int, kind: tuple[str, str], grid: InputGrid
) -> Array:
    """One class's map on the network's grid."""
    maps = grad_cam(network, x, prior, method=kind[0], layer=kind[1])  # type: ignore[arg-type]
    return resample(maps.maps[top], grid.cells(maps.stride, maps.first_cell), grid.affine, grid.shape)


if __name__ == "__main__":
    main()
