from dataclasses import replace

import numpy as np
import pytest
import torch

from vb_desktop.pipeline.errors import ModelRefused
from vb_desktop.pipeline.model_card import DetectorCard
from vb_desktop.pipeline.training.localizer.detector_recipe import PRESETS
from vb_desktop.pipeline.training.localizer.grid_case import GridCase
from vb_desktop.pipeline.training.localizer.write_detector import round_to_half, write_detector
from vb_desktop.pipeline.tumor_localizer.detector_grid import LOWEST, SHAPE, template_tissue
from vb_desktop.pipeline.tumor_localizer.detector_network import (
    CHANNELS,
    MIRRORED,
    NEIGHBOURS,
    build_slice_net,
    volume_channels,
)
from vb_desktop.pipeline.tumor_localizer.slice_detector import load_detector, probabilities

RECIPE = PRESETS["smoke"]


def networks(count=2):
    torch.manual_seed(0)
    return [round_to_half(build_slice_net(RECIPE.network).eval()) for _ in range(count)]


def write(folder, nets):
    nothing = np.zeros((2, 2, 2), np.uint8)
    real = [GridCase("a", ("a",), nothing.astype(np.float16), nothing, True, "0" * 64)]
    settings = DetectorCard(networks=len(nets), threshold=0.4, least_confidence=0.3)
    return write_detector(
        folder,
        nets,
        settings=settings,
        recipe=replace(RECIPE),
        real=real,
        folds=[("a",)],
        losses=[[1.0]],
        attribution="x",
    )


def test_a_written_detector_is_read_back_exactly(tmp_path):
    nets = networks()
    card = write(tmp_path / "localizer", nets)
    found = load_detector(str(tmp_path / "localizer"))
    assert found.card.threshold == 0.4 and card.training_data.case_sha256 == {"a": "0" * 64}
    assert (tmp_path / "localizer" / card.licence_file).read_text() == "x"
    image = np.random.default_rng(0).normal(0, 1, SHAPE).astype(np.float32)
    assert np.array_equal(probabilities(found.networks, image)[0], probabilities(tuple(nets), image)[0])


def test_changed_weights_are_refused(tmp_path):
    write(tmp_path / "localizer", networks(1))
    path = tmp_path / "localizer" / "weights.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ModelRefused):
        load_detector(str(tmp_path / "localizer"))


def test_a_diagnoser_is_no_detector():
    with pytest.raises(ModelRefused):
        load_detector("diagnoser")


def test_the_probabilities_do_not_know_left_from_right():
    image = np.random.default_rng(1).normal(0, 1, SHAPE).astype(np.float32)
    nets = tuple(networks(1))
    core, whole = probabilities(nets, image)
    tissue = template_tissue()
    assert core.shape == SHAPE and (whole >= core).all() and 0 <= core.min() and core.max() <= 1
    if np.allclose(tissue, tissue[:, ::-1], atol=1e-3):  # the template is symmetric
        mirrored, _ = probabilities(nets, image[::-1].copy())
        assert np.abs(mirrored[::-1] - core).max() < 0.02


def test_the_channels_are_neighbours_mirror_images_and_tissue():
    image = torch.arange(SHAPE[2], dtype=torch.float32).expand(*SHAPE).clone()
    image[:10] += 1000
    tissue = torch.from_numpy(template_tissue())
    channels = volume_channels(image, tissue)
    assert channels.shape == (SHAPE[2], CHANNELS, *SHAPE[:2])
    k = 20
    assert [float(channels[k, n, 40, 0]) for n in range(len(NEIGHBOURS))] == [k + o for o in NEIGHBOURS]
    first = len(NEIGHBOURS)
    assert [float(channels[k, first + n, -1, 0]) for n in range(3)] == [1000 + k + o for o in MIRRORED]
    assert float(channels[0, 0, 40, 0]) == LOWEST
    assert torch.equal(channels[k, -2:], tissue[..., k])
