"""A case as napari layers: the same for the shell's ViewerModel, plain napari's Viewer and the reader."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from napari.components import ViewerModel
from napari.layers import Layer

from napari_plugin import colormaps, names, palette
from napari_plugin.box_polygons import polygons
from napari_plugin.display_grid import RADIOLOGICAL, DisplayGrid, to_napari
from vb_desktop.pipeline.case import CLASSES, Array, Volume
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.errors import CaseFolderError

LayerData: TypeAlias = tuple[Any, dict[str, Any], str]

_IN_0_1 = {"contrast_limits": (0.0, 1.0), "interpolation2d": "linear"}
_BOX_LINE_MM = 0.6


def show_case(viewer: ViewerModel, case: Case, space: str = "native") -> list[Layer]:
    """Add the layers of a case, radiological convention, at the slice where the localised region is largest.

    Args:
        viewer: the shell's ViewerModel or napari's Viewer; its other layers are left alone.
        case: as read from its folder.
        space: "native" or "mni".

    Returns:
        The layers added, from the scan upwards.
    """
    return show_layers(viewer, case_layers(case, space))


def show_layers(viewer: ViewerModel, described: list[LayerData]) -> list[Layer]:
    """Add layers as `case_layers` describes them."""
    layers = [viewer.add_layer(Layer.create(*layer)) for layer in described]
    use_radiological_convention(viewer)
    viewer.dims.axis_labels = ("z", "y", "x")
    viewer.dims.set_point(range(3), point_of_interest(layers))
    viewer.layers.selection.clear()
    viewer.reset_view()
    return layers


def use_radiological_convention(viewer: ViewerModel) -> None:
    """The patient's right at the left of the screen, anterior and superior up."""
    viewer.scene.camera.orientation2d = RADIOLOGICAL


def point_of_interest(layers: list[Layer]) -> Array:
    """World position (z, y, x) in mm: the centre of the localised region on its largest slice, else of the volume."""
    for layer in layers:
        if layer.metadata.get("volume") == "refined_prior" and (index := centre_of_largest_slice(layer.data)):
            return np.array(layer.data_to_world(index))
    return np.array(layers[0].data_to_world([(n - 1) // 2 for n in layers[0].data.shape]))


def centre_of_largest_slice(prior: Array) -> tuple[float, float, float] | None:
    """Index (z, y, x) of the centre of the localised region on its largest slice; None where there is no region."""
    inside = prior > 0.5
    areas = inside.sum(axis=(1, 2))
    if not areas.any():
        return None
    k = int(np.median(np.flatnonzero(areas == areas.max())))
    y, x = (float(index.mean()) for index in np.nonzero(inside[k]))
    return float(k), y, x


def case_layers(case: Case, space: str = "native") -> list[LayerData]:
    """Describe the layers of a case: scan, boxes by source, coarse prior, refined prior, Grad-CAM by class.

    Without a diagnosis, or while it is withheld, there is no Grad-CAM.

    Args:
        case: as read from its folder.
        space: "native" (the scan as read) or "mni" (the processed scan in the template's space).

    Raises:
        CaseFolderError: the case has no image in that space, or a file is damaged.
    """
    image = case.volume("scan" if space == "native" else "processed", space)
    if image is None:
        name = case.path("scan" if space == "native" else "processed", space).name
        raise CaseFolderError("case.not_a_case", folder=case.folder, cause=f"it holds no {name}")
    layers = [scan_layer(image, space), *_box_layers(case, image, space)]
    for volume_name, layer_name, colormap, opacity in (
        ("coarse_prior", names.COARSE_PRIOR, colormaps.coarse_prior_map(), 0.5),
        ("refined_prior", names.REFINED_PRIOR, colormaps.refined_prior_map(), 1.0),
    ):
        if (volume := case.volume(volume_name, space)) is not None:
            blending = "additive" if volume_name == "coarse_prior" else "translucent_no_depth"
            options = {"colormap": colormap, "opacity": opacity, "blending": blending}
            layers.append(_overlay(volume, space, volume_name, layer_name, **options))
    return layers + _grad_cam_layers(case, space)


def scan_layer(image: Volume, space: str = "native") -> LayerData:
    """The scan, or the processed scan in template space, with a window that its brightest voxels don't spoil."""
    name = "scan" if space == "native" else "processed"
    voxels = image.voxels
    if space == "mni":  # 0 is the brain's mean there: without this the background would be grey
        voxels = np.where(voxels == 0, np.float32(np.nan), voxels)
    shown = image.voxels[image.voxels != 0]
    low, high = (float(value) for value in np.percentile(shown, (1, 99.7))) if shown.size else (0.0, 1.0)
    if space == "native":
        low = min(low, 0.0)
    options = {
        "name": names.SCAN,
        "colormap": "gray",
        "contrast_limits": (low, max(high, low + 1e-6)),
        "interpolation2d": "linear",
    }
    return to_napari(voxels), options | _placed(image, space, name), "image"


def _placed(volume: Volume, space: str, name: str) -> dict[str, Any]:
    grid = DisplayGrid.of(volume)
    metadata = {"volume": name, "space": space, "affine_ras_mm": volume.affine, "obliquity_deg": grid.obliquity_deg}
    return grid.layer_options() | {"metadata": metadata}


def _overlay(volume: Volume, space: str, volume_name: str, name: str, **options: Any) -> LayerData:
    options = {"name": name} | _IN_0_1 | options
    return to_napari(volume.voxels), options | _placed(volume, space, volume_name), "image"


def _box_layers(case: Case, image: Volume, space: str) -> list[LayerData]:
    layers: list[LayerData] = []
    for source in dict.fromkeys(box.source for box in case.record.boxes_in_force):
        boxes = [box for box in case.record.boxes_in_force if box.source == source]
        colour = palette.TEAL if source == "reader" else palette.AMBER
        options = {
            "name": names.boxes(source, case.record.config.get("vlm")),
            "shape_type": "polygon" if space == "native" else "rectangle",
            "edge_color": colour,
            "edge_width": _BOX_LINE_MM / image.spacing[0],
            "face_color": "transparent",
            "opacity": 1.0,
            "features": {"confidence": [box.confidence for box in boxes], "source": [box.source for box in boxes]},
            # Else a box drawn by hand inherits the last box's confidence and source.
            "feature_defaults": {"confidence": float("nan"), "source": "reader"},
            "blending": "translucent_no_depth",
        }
        layers.append((polygons(boxes, image, space), options | _placed(image, space, "boxes"), "shapes"))
    return layers


def _grad_cam_layers(case: Case, space: str) -> list[LayerData]:
    if not case.shows_diagnosis or case.record.diagnosis is None:
        return []
    probability = case.record.diagnosis.classes
    most_probable = max(probability, key=lambda name: probability[name])
    layers: list[LayerData] = []
    for class_ in CLASSES:
        volume_name = f"grad_cam_{class_}"
        if (volume := case.volume(volume_name, space)) is not None:
            options = {"colormap": colormaps.grad_cam_map(), "opacity": 0.35, "blending": "translucent_no_depth"}
            options["visible"] = class_ == most_probable
            layers.append(_overlay(volume, space, volume_name, names.grad_cam(class_), **options))
    return layers
