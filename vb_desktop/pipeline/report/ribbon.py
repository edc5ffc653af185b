"""The slice ribbon: where boxes, region and Grad-CAM lie from the bottom of the brain to its top."""

from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.case import Array
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.report.anatomy import Anatomy
from vb_desktop.pipeline.report.content import Line, Ribbon, RibbonSlice
from vb_desktop.pipeline.report.figures import box_heights, boxes_near
from vb_desktop.pipeline.report.result import most_probable
from vb_desktop.pipeline.report.words import Words


def ribbon(case: Case, shown: Anatomy, chosen: list[int], words: Words) -> tuple[Ribbon | Line, ...]:
    """All axial slices that hold brain.

    Args:
        case: whose boxes are counted.
        shown: its volumes.
        chosen: the key slices.
        words: of the language.
    """
    holds = np.flatnonzero(shown.brain.any(axis=(0, 1)))
    region = shown.region
    si, sj, _ = shown.scan.spacing
    cam = _grad_cam(case, shown)
    heights = box_heights(shown)
    slices = []
    for k in range(int(holds[0]), int(holds[-1]) + 1):
        boxes = boxes_near(shown, k, heights)
        slices.append(
            RibbonSlice(
                height_mm=shown.place_mm(2, k),
                area_cm2=0.0 if region is None else float(region[:, :, k].sum()) * si * sj / 100,
                boxes=len(boxes),
                reader=any(box.source == "reader" for box in boxes),
                grad_cam=0.0 if cam is None or not shown.brain[:, :, k].any() else _mean(cam, shown, k),
                shown=k in chosen,
            )
        )
    names = ("boxes", "region", "grad_cam", "key_slices")
    there = (any(s.boxes for s in slices), region is not None, cam is not None, bool(chosen))
    box, area, heat, key = (words(f"ribbon.{name}") if has else "" for name, has in zip(names, there, strict=True))
    ends = [words("pictures.superior" if s.height_mm >= 0 else "pictures.inferior", mm=f"{abs(s.height_mm):.0f}")
            for s in (slices[0], slices[-1])]  # fmt: skip
    return Line(words("ribbon.says"), "quiet"), Ribbon(tuple(slices), (box, area, heat, key), ends[0], ends[1])


def _grad_cam(case: Case, shown: Anatomy) -> Array | None:
    diagnosis = case.record.diagnosis
    if diagnosis is None or not case.shows_diagnosis:
        return None
    return shown.layer(f"grad_cam_{most_probable(diagnosis)}")


def _mean(cam: Array, shown: Anatomy, k: int) -> float:
    return float(cam[:, :, k][shown.brain[:, :, k]].mean())
