"""Left is left: the patient's right is on the left of every picture, whatever the voxel order of the file."""

from __future__ import annotations

from collections.abc import Callable

import nibabel as nib
import numpy as np
import pytest
from report_cases import LESION_MM, LESION_RADII, boxes

from vb_desktop.pipeline.case import Array, Volume
from vb_desktop.pipeline.case_folder import Case, write_volume
from vb_desktop.pipeline.report.anatomy import Anatomy, anatomy, canonical
from vb_desktop.pipeline.report.content import Figure
from vb_desktop.pipeline.report.figures import INFERNO, inferno, picture

LAYERS = ("boxes", "coarse_prior", "refined_prior")


def shown_of(case: Case) -> Anatomy:
    shown = anatomy(case)
    assert shown is not None
    return shown


def slice_at(shown: Anatomy, height: float) -> int:
    middle = (np.array(shown.scan.voxels.shape) - 1) / 2
    heights = [shown.scan.to_mm(np.array([[middle[0], middle[1], k]]))[0, 2] for k in range(shown.scan.voxels.shape[2])]
    return int(np.abs(np.array(heights) - height).argmin())


def spot(mm: tuple[float, float, float], codes: str = "RAS") -> Volume:
    """A dark head with one bright spot, stored in the given voxel order."""
    affine = np.diag([2.0, 2.0, 2.0, 1.0])
    affine[:3, 3] = -60
    plain = Volume(np.zeros((61, 61, 61), np.float32), affine)
    points = plain.to_mm(np.moveaxis(np.indices((61, 61, 61)), 0, -1).reshape(-1, 3))
    away = np.linalg.norm(points - mm, axis=-1).reshape(61, 61, 61)
    head = np.where(np.linalg.norm(points, axis=-1).reshape(61, 61, 61) < 50, 100.0, 0.0) + 400.0 * (away < 8)
    image = nib.Nifti1Image(head.astype(np.float32), affine)
    order = nib.orientations.ornt_transform(
        nib.orientations.io_orientation(affine), nib.orientations.axcodes2ornt(tuple(codes))
    )
    turned = image.as_reoriented(order)
    return Volume(np.asarray(turned.dataobj), np.asarray(turned.affine))


def brightest(pixels: Array) -> tuple[float, float]:
    rows, columns = np.nonzero(pixels[..., 0] > 200)
    return float(columns.mean() / pixels.shape[1]), float(rows.mean() / pixels.shape[0])


@pytest.mark.parametrize("codes", ["RAS", "LPS", "LAS", "SRA", "ASL", "PIR"])
def test_a_spot_on_the_patients_right_is_on_the_left_of_the_picture(make_case: Callable[..., Case], codes: str) -> None:
    case = make_case(layers=False, boxes=[], diagnosis=None)
    write_volume(case.path("scan"), spot((30.0, 20.0, 10.0), codes))
    case.path("brain_mask").unlink()
    shown = shown_of(case)
    drawn = picture(shown, Figure(slice_at(shown, 10.0), (), "", ""))
    x, y = brightest(drawn.pixels)
    assert x < 0.35  # right of the patient
    assert y < 0.45  # anterior is up
    assert drawn.letters["R"][0] < drawn.letters["L"][0]
    assert drawn.letters["A"][1] < drawn.letters["P"][1]


def test_canonical_moves_voxels_without_moving_the_patient() -> None:
    mm = (30.0, 20.0, 10.0)
    for codes in ("LPS", "PIR", "SAL"):
        volume = canonical(spot(mm, codes))
        assert nib.aff2axcodes(volume.affine) == ("R", "A", "S")
        centre = volume.to_mm(np.argwhere(volume.voxels > 300)).mean(axis=0)
        assert np.allclose(centre, mm, atol=0.5)


def test_the_picture_has_the_shape_of_the_patient_on_anisotropic_voxels(make_case: Callable[..., Case]) -> None:
    case = make_case(spacing=(1.0, 2.5, 5.0))
    shown = shown_of(case)
    drawn = picture(shown, Figure(slice_at(shown, 14.0), (), "", ""))
    height, width, _ = drawn.pixels.shape
    assert height / width == pytest.approx(drawn.height_mm / drawn.width_mm, rel=0.01)
    # The brain is 132 mm wide and 168 mm long.
    assert 132 < drawn.width_mm < 155
    assert 165 < drawn.height_mm < 195


@pytest.mark.parametrize(
    ("spacing", "angle"), [((2.0, 2.0, 2.0), 0.0), ((1.5, 1.5, 6.0), 0.0), ((2.0, 2.0, 3.0), 14.0)]
)
def test_the_contour_lies_around_the_lesion(
    make_case: Callable[..., Case], spacing: tuple[float, float, float], angle: float
) -> None:
    case = make_case(spacing=spacing, angle=angle)
    shown = shown_of(case)
    k = round(float(shown.scan.to_index(LESION_MM[None])[0, 2]))
    drawn = picture(shown, Figure(k, LAYERS, "", ""))
    ring = next(stroke for stroke in drawn.strokes if stroke.style == "refined_prior").points
    bright = drawn.pixels[..., 0] > 245
    rows, columns = np.nonzero(bright)
    x, y = columns / drawn.pixels.shape[1], rows / drawn.pixels.shape[0]
    near = (np.abs(x - x.mean()) < 0.2) & (np.abs(y - y.mean()) < 0.2)
    assert ring[:, 0].min() < x[near].min() and x[near].max() < ring[:, 0].max()
    assert ring[:, 1].min() < y[near].min() and y[near].max() < ring[:, 1].max()
    assert np.ptp(ring[:, 0]) * drawn.width_mm < 2 * LESION_RADII[0] * 1.2
    box = next(stroke for stroke in drawn.strokes if stroke.style == "box").points
    assert box[:, 0].min() < x[near].min() and x[near].max() < box[:, 0].max()


def test_boxes_of_a_far_slice_are_not_drawn(make_case: Callable[..., Case]) -> None:
    shown = shown_of(make_case())
    far = picture(shown, Figure(slice_at(shown, 40.0), LAYERS, "", ""))
    assert not far.strokes


def test_a_box_that_a_reader_replaced_is_not_drawn(make_case: Callable[..., Case]) -> None:
    machine = boxes()
    reader = [box.model_copy(update={"id": f"r{box.id}", "source": "reader", "edits": box.id}) for box in machine]
    replaced = [box.model_copy(update={"in_force": False}) for box in machine]
    shown = shown_of(make_case(boxes=[*replaced, *reader]))
    styles = [stroke.style for stroke in picture(shown, Figure(slice_at(shown, 14.0), LAYERS, "", "")).strokes]
    assert "box" not in styles
    assert styles.count("reader_box") == 1


def test_grad_cam_colours_what_is_above_a_fifth_and_leaves_the_rest_grey(make_case: Callable[..., Case]) -> None:
    shown = shown_of(make_case())
    drawn = picture(shown, Figure(slice_at(shown, 14.0), ("refined_prior", "grad_cam"), "", "", "pcnsl"))
    coloured = np.ptp(drawn.pixels.astype(int), axis=2) > 12
    columns = np.nonzero(coloured)[1] / drawn.pixels.shape[1]
    assert 0.01 < coloured.mean() < 0.25
    assert columns.max() < 0.6  # on the patient's right only
    assert "grad_cam" in [stroke.style for stroke in drawn.strokes]


def test_inferno_runs_from_dark_to_light() -> None:
    ramp = inferno(np.linspace(0, 1, 50)).sum(axis=1)
    assert (np.diff(ramp) > 0).all()
    assert np.array_equal(inferno(0.0), INFERNO[0])
    assert np.array_equal(inferno(1.0), INFERNO[-1])


def test_a_case_without_scan_has_no_anatomy(make_case: Callable[..., Case]) -> None:
    case = make_case()
    case.path("scan").unlink()
    assert anatomy(case) is None
