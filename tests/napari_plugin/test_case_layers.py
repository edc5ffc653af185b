"""The layers of a case: the same in plain napari, in a bare ViewerModel and from the reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from napari.components import ViewerModel
from phantom_case import CENTRE, NATIVE_AFFINE, SHAPE, boxes, damage, make_case, oblique_affine

from napari_plugin.layers import case_layers, show_case
from vb_desktop.pipeline.case_folder import read_case
from vb_desktop.pipeline.errors import CaseFolderError

BUILTIN = "Boxes (built-in detector, not a VLM)"
ALL = [
    "Scan",
    BUILTIN,
    "Coarse prior",
    "Refined prior",
    "Grad-CAM (glioma)",
    "Grad-CAM (PCNSL)",
    "Grad-CAM (germinoma)",
    "Grad-CAM (other rare tumour)",
]


@pytest.mark.parametrize("space", ["native", "mni"])
def test_layers_stand_in_their_order(case_folder: Path, space: str) -> None:
    viewer = ViewerModel()
    layers = show_case(viewer, read_case(case_folder), space)
    assert [layer.name for layer in viewer.layers] == [layer.name for layer in layers] == ALL


def test_plain_napari_shows_the_same_as_the_shell(make_napari_viewer: Callable[..., Any], case_folder: Path) -> None:
    viewer, model = make_napari_viewer(), ViewerModel()
    for shown in (viewer, model):
        show_case(shown, read_case(case_folder))
    assert [layer.name for layer in viewer.layers] == [layer.name for layer in model.layers]
    for one, other in zip(viewer.layers, model.layers, strict=True):
        assert (one.visible, one.opacity, tuple(one.scale)) == (other.visible, other.opacity, tuple(other.scale))


def test_only_the_most_probable_class_is_visible_at_first(case_folder: Path) -> None:
    layers = show_case(ViewerModel(), read_case(case_folder))
    assert [layer.name for layer in layers if layer.name.startswith("Grad-CAM") and layer.visible] == [
        "Grad-CAM (PCNSL)"
    ]


@pytest.mark.parametrize(
    ("status", "names"),
    [("withheld", ALL[:4]), ("no_tumour_found", ALL[:1]), ("partial", ALL[:1])],
)
def test_without_a_diagnosis_there_is_no_grad_cam(tmp_path: Path, status: str, names: list[str]) -> None:
    case = read_case(make_case(tmp_path / "case", status))
    assert [options["name"] for _, options, _ in case_layers(case)] == names


def test_grad_cam_is_withheld_even_where_its_files_lie(tmp_path: Path) -> None:
    folder = make_case(tmp_path / "case")
    make_case(folder, "withheld")
    assert (folder / "grad_cam_pcnsl.nii.gz").is_file()
    assert not any("Grad-CAM" in options["name"] for _, options, _ in case_layers(read_case(folder)))


def test_priors_and_maps_are_shown_from_0_to_1(case_folder: Path) -> None:
    for layer in show_case(ViewerModel(), read_case(case_folder))[2:]:
        assert layer.contrast_limits == [0, 1]


def test_colormaps_are_nothing_at_zero(case_folder: Path) -> None:
    layers = {layer.name: layer for layer in show_case(ViewerModel(), read_case(case_folder))}
    cam = layers["Grad-CAM (PCNSL)"].colormap
    assert cam.map([0.0, 0.1, 0.19])[:, 3].max() == 0
    assert cam.map([0.5])[0, 3] == 1
    assert layers["Coarse prior"].blending == "additive"
    assert layers["Coarse prior"].colormap.map([0.0])[0, :3].max() == 0
    refined = layers["Refined prior"].colormap.map([0.0, 0.3, 0.5, 1.0])[:, 3]
    assert refined[0] == refined[1] == 0
    assert refined[2] == 1
    assert 0 < refined[3] < 0.3


def test_data_are_napari_order_and_world_is_millimetres(case_folder: Path) -> None:
    scan = show_case(ViewerModel(), read_case(case_folder))[0]
    assert scan.data.shape == SHAPE[::-1]
    world = scan.data_to_world(CENTRE[::-1])
    mm = NATIVE_AFFINE @ [*CENTRE, 1]
    assert world == pytest.approx(mm[2::-1])


def test_it_starts_in_the_middle_of_the_tumour(case_folder: Path) -> None:
    viewer = ViewerModel()
    scan = show_case(viewer, read_case(case_folder))[0]
    assert scan.world_to_data(viewer.dims.point) == pytest.approx(CENTRE[::-1], abs=0.5)


def test_radiological_convention(case_folder: Path) -> None:
    viewer = ViewerModel()
    show_case(viewer, read_case(case_folder))
    assert [str(way) for way in viewer.scene.camera.orientation2d] == ["up", "left"]


def test_an_oblique_scan_is_never_rotated(tmp_path: Path) -> None:
    """napari ignores rotations out of the plane: a rotated affine would tear layers and slices apart."""
    case = read_case(make_case(tmp_path / "case", affine=oblique_affine(14)))
    viewer = ViewerModel()
    for layer in show_case(viewer, case):
        turn = layer.affine.affine_matrix[:3, :3]
        assert turn == pytest.approx(np.diag(np.diag(turn)))
        assert not np.any(layer.rotate - np.eye(layer.ndim))
        assert tuple(layer.scale) == pytest.approx((4.0, 3.0, 3.0))
        assert layer.metadata["obliquity_deg"] == pytest.approx(14)


def test_each_source_of_boxes_has_its_own_layer(tmp_path: Path) -> None:
    found = [*boxes()[:2], *boxes("reader")[:1], *boxes("qwen3-vl")[:1]]
    case = read_case(make_case(tmp_path / "case", boxes=found))
    layers = {layer.name: layer for layer in show_case(ViewerModel(), case)}
    assert [name for name in layers if name.startswith("Boxes")] == [BUILTIN, "Boxes (reader)", "Boxes (Qwen3-VL)"]
    assert len(layers[BUILTIN].data) == 2
    assert layers["Boxes (reader)"].edge_color[0] == pytest.approx([0x3F / 255, 0xD9 / 255, 0xB8 / 255, 1], abs=0.01)
    assert layers[BUILTIN].edge_color[0] == pytest.approx([1, 0xC2 / 255, 0x4B / 255, 1], abs=0.01)


def test_a_drawn_box_does_not_inherit_a_confidence(case_folder: Path) -> None:
    layer = show_case(ViewerModel(), read_case(case_folder))[1]
    layer.add_rectangles(np.array([[[20, 5, 5], [20, 5, 9], [20, 9, 9], [20, 9, 5]]]))
    drawn = layer.features.iloc[-1]
    assert np.isnan(drawn["confidence"])
    assert drawn["source"] == "reader"


def test_boxes_lie_around_the_tumour(case_folder: Path) -> None:
    """In native space by their millimetres, in template space by their voxels."""
    for space in ("native", "mni"):
        layer = show_case(ViewerModel(), read_case(case_folder), space)[1]
        middle = np.mean([polygon.mean(axis=0) for polygon in layer.data], axis=0)
        assert middle == pytest.approx(CENTRE[::-1], abs=0.01)


def test_the_background_of_the_processed_scan_is_nothing(case_folder: Path) -> None:
    case = read_case(case_folder)
    data = show_case(ViewerModel(), case, "mni")[0].data
    processed = case.volume("processed")
    assert processed is not None
    assert (np.isnan(data) == (processed.voxels.T == 0)).all()
    assert np.isnan(data).any()


def test_a_damaged_file_is_a_sentence(tmp_path: Path) -> None:
    folder = make_case(tmp_path / "case")
    damage(folder / "native", "refined_prior.nii.gz")
    with pytest.raises(CaseFolderError, match=r"refined_prior\.nii\.gz can't be read"):
        case_layers(read_case(folder))


def test_a_case_without_a_processed_scan_has_no_mni_layers(tmp_path: Path) -> None:
    case = read_case(make_case(tmp_path / "case", "partial"))
    with pytest.raises(CaseFolderError, match=r"it holds no processed\.nii\.gz"):
        case_layers(case, "mni")
