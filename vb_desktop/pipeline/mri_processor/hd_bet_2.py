"""HD-BET 2 (an nnU-Net), for those who have its weights; plug-in `hd-bet-2`.

Neither nnU-Net nor the weights come with this program. Installed plainly, `vb-desktop[hd-bet-2]` (nnunetv2) brings
torchvision and with it another torch than the one tested here: use an environment of its own. The package `hd-bet`
itself is not called: it writes to the home folder and may download. The weights are the unpacked folder that holds
`plans.json`, `dataset.json` and `fold_all`.

Not run with the real weights: they could not be had where this was written. Tested are the sentences, the order of the
axes and the call, with a predictor that stands in for nnU-Net's.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.config import SkullStrippingConfig
from vb_desktop.pipeline.errors import ProcessingFailed
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.mri_processor.compute_device import chosen_device
from vb_desktop.pipeline.mri_processor.skull_stripping import checked, in_canonical_order
from vb_desktop.pipeline.progress import OnProgress, Progress, Stage, ignore

FILES = ("plans.json", "dataset.json", "fold_all/checkpoint_final.pth")


class HDBET2:
    """HD-BET 2 in this process, on the array, without network access.

    Args:
        config: `hd_bet_2_weights`, `mirroring` and `device` are looked at; it is one network, so `folds` is not.

    Attributes:
        remarks: none.
        made_with: device of the last call.
    """

    def __init__(self, config: SkullStrippingConfig) -> None:
        self.config = config
        self.remarks: tuple[Message, ...] = ()
        self.made_with: dict[str, str] = {}

    def __call__(self, volume: Volume, on_progress: OnProgress = ignore) -> Volume:
        """Find the brain.

        Returns:
            uint8 mask on the grid of `volume`: one piece, without holes.

        Raises:
            ProcessingFailed: nnU-Net or the weights are missing, the weights hold more than numbers, or what was found
                can't be a brain.
        """
        if find_spec("nnunetv2") is None:
            raise ProcessingFailed("mri_processor.no_hd_bet_2")
        folder = weights_of(self.config)
        device = chosen_device(self.config.device)
        self.made_with = {"device": device}
        on_progress(Progress(Stage.PROCESS, None, "Extracting the brain (HD-BET 2)"))
        predictor = _predictor(folder, device, self.config.mirroring)

        def find(voxels: Array, spacing: Array) -> Array:
            image = np.ascontiguousarray(voxels.transpose(2, 1, 0))[None]
            found = predictor.predict_single_npy_array(image, {"spacing": [float(mm) for mm in spacing[::-1]]})
            return np.asarray(found).transpose(2, 1, 0) > 0

        return checked(in_canonical_order(volume, find))


def weights_of(config: SkullStrippingConfig) -> Path:
    """The folder of the weights, when it is complete and holds numbers only.

    Raises:
        ProcessingFailed: it is not named, something is missing, or the checkpoint could run code.
    """
    if not config.hd_bet_2_weights:
        raise ProcessingFailed("mri_processor.hd_bet_2_not_named")
    folder = Path(config.hd_bet_2_weights).expanduser()
    for name in FILES:
        if not (folder / name).is_file():
            raise ProcessingFailed("mri_processor.hd_bet_2_incomplete", name=name)
    if not holds_numbers_only(folder / FILES[-1]):
        raise ProcessingFailed("mri_processor.hd_bet_2_unsafe", name=Path(FILES[-1]).name)
    return folder


def holds_numbers_only(checkpoint: Path) -> bool:
    """Whether a checkpoint can be unpickled without running code of its own.

    nnU-Net unpickles without restrictions. What torch's restricted reader accepts can't do harm there either.
    """
    from pickle import UnpicklingError

    import torch

    rebuild = np.float64(0).__reduce__()[0]  # what a pickle calls for a numpy number
    scalars: list[Any] = [rebuild, np.dtype, *(type(np.dtype(kind)) for kind in ("f4", "f8", "i8", "?"))]
    try:
        with torch.serialization.safe_globals(scalars):
            torch.load(checkpoint, map_location="cpu", weights_only=True)
    except (UnpicklingError, RuntimeError, EOFError, ValueError):
        return False
    return True


def _predictor(folder: Path, device: str, mirroring: bool) -> Any:
    """nnU-Net's predictor as the package sets it up, but for the place of the weights (there a folder in the home)."""
    import torch
    from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

    predictor = nnUNetPredictor(
        tile_step_size=0.5,
        use_gaussian=True,
        use_mirroring=mirroring,
        perform_everything_on_device=device == "cuda",
        device=torch.device(device),
        verbose=False,
        verbose_preprocessing=False,
        allow_tqdm=False,
    )
    predictor.initialize_from_trained_model_folder(str(folder), "all")
    return predictor
