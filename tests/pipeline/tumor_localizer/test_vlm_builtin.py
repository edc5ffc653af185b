import numpy as np
import pytest
import torch

from tests.pipeline.tumor_localizer.test_slice_detector import networks, write
from vb_desktop.pipeline.config import Config, VlmConfig
from vb_desktop.pipeline.errors import ModelRefused
from vb_desktop.pipeline.fingerprints import localizing_models
from vb_desktop.pipeline.tumor_localizer.detector_grid import detector_input
from vb_desktop.pipeline.tumor_localizer.vlm_builtin import SLICE_DETECTOR, BuiltinDetector

PLACE = (28.0, -8.0, 22.0)


def bright_marker():
    """A network that marks what is much brighter than white matter, by hand."""
    net = networks(1)[0]
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.zero_()
        for convolution, channel in ((net.down[0][0], 2), (net.up[-1][0], net.up[-1][0].in_channels - 4)):
            convolution.weight[0, channel, 1, 1] = 1  # the slice itself; then the finest level's first channel
        for norm in (net.down[0][1], net.up[-1][1]):
            norm.weight[0] = 1
        net.marks.weight[:, 0] = 4
        net.marks.bias[:] = -7
    return net


def detector(tmp_path):
    write(tmp_path / "localizer", [bright_marker()])
    return BuiltinDetector(VlmConfig(detector=str(tmp_path / "localizer")))


def test_boxes_lie_where_the_network_marks(tmp_path, template_brain):
    processed = template_brain(0, PLACE, 14.0)
    found = dict(detector(tmp_path).boxes(processed, range(processed.mask.voxels.shape[2]), ""))
    image, _ = detector_input(processed)
    assert image.max() > 2  # the ring
    centre = processed.volume.to_index(np.array([PLACE]))[0]
    here = found[round(centre[2])]
    assert len(here) == 1 and here[0].source == "builtin"
    assert abs((here[0].i0 + here[0].i1 - 1) / 2 - centre[0]) < 3 and 20 <= here[0].i1 - here[0].i0 <= 34
    assert sorted(found) == list(range(processed.mask.voxels.shape[2])) and found[5] == []


def test_without_a_model_the_rules_work_and_say_so(tmp_path):
    config = VlmConfig(detector=str(tmp_path / "none"))
    assert "rule-based" in BuiltinDetector(config).name
    assert localizing_models(Config(vlm=config)) == {}
    assert detector(tmp_path).name == SLICE_DETECTOR


def test_a_damaged_model_is_refused_and_not_replaced_by_the_rules(tmp_path, template_brain):
    found = detector(tmp_path)
    (tmp_path / "localizer" / "weights.safetensors").write_bytes(b"not the weights")
    with pytest.raises(ModelRefused):
        list(found.boxes(template_brain(0), [90], ""))


def test_the_hash_of_the_weights_is_part_of_the_provenance(tmp_path):
    card = write(tmp_path / "localizer", networks(1))
    config = Config(vlm=VlmConfig(detector=str(tmp_path / "localizer")))
    assert localizing_models(config) == {"localizer": card.weights.sha256}
    assert localizing_models(config.changed(vlm__backend="rules")) == {}
