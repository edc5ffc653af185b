"""Points go to the template as ANTs would carry them."""

from __future__ import annotations

import numpy as np
import pytest

from vb_desktop.assets import asset
from vb_desktop.pipeline.case import Transforms
from vb_desktop.pipeline.mri_processor.template_points import TemplatePoints
from vb_desktop.pipeline.mri_processor.way_back import points_to_native
from vb_desktop.pipeline.stage_files import read_transforms


def test_there_and_back_is_where_it_was() -> None:
    """`points_to_native` is ANTs' own way."""
    transforms = read_transforms(asset("demo/case"))
    mni = np.array([[20.0, -10, 10], [-40, 20, 30], [0, -60, -20], [30, 40, 5]])
    native = points_to_native(transforms, mni)
    assert np.abs(native - mni).max() > 5
    assert TemplatePoints.of(transforms)(native) == pytest.approx(mni, abs=0.1)


def test_a_scan_in_template_space_stays_where_it_is(tmp_path: object) -> None:
    points = np.array([[1.0, 2, 3]])
    assert TemplatePoints.of(Transforms(asset("demo")))(points) == pytest.approx(points)
