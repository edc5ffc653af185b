"""Does the scan look as if contrast agent had been given?"""

from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.case import ProcessedScan
from vb_desktop.pipeline.mri_processor.template import template, template_mask


def bright_tail(processed: ProcessedScan) -> float:
    """How far the brightest 0.1 % of the brain lie above white matter.

    Vessels, choroid plexus and dural sinuses take up contrast agent in every patient; without it white matter is about
    the brightest tissue of a T1-weighted brain. The unit is the distance from cerebrospinal fluid to white matter, both
    read where the template has them, so that scanner and sequence cancel.

    Returns:
        About 0.2 without contrast agent, 1 and more with it.
    """
    brain = (processed.mask.voxels > 0) & (template_mask().voxels > 0)
    values, like = processed.volume.voxels[brain], template().voxels[brain]
    white = float(np.median(values[like > np.percentile(like, 75)]))
    fluid = float(np.median(values[like < np.percentile(like, 5)]))
    spread = white - fluid
    if spread <= 0:
        return float("inf") if np.percentile(values, 99.9) > white else 0.0
    return float((np.percentile(values, 99.9) - white) / spread)
