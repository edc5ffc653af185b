"""Was contrast agent given? The method was made for T1 after contrast agent only."""

from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.case import Scan
from vb_desktop.pipeline.case_record import GateRecord
from vb_desktop.pipeline.mri_processor.contrast import TissueContrast
from vb_desktop.pipeline.mri_processor.gates.record import at_least, record

GOOD_SPOTS, LEAST_SPOTS = 5.6, 4.4


def contrast_seen(scan: Scan, tissue: TissueContrast) -> GateRecord:
    """Something in the brain stands out brightly, as vessels and choroid plexus do after contrast agent.

    Value: how far the brightest 0.1 % stand out of their neighbourhood, in spreads.
    """
    spots = 0.0 if np.isnan(tissue.bright_spots) else tissue.bright_spots
    state, limit = at_least(spots, GOOD_SPOTS, LEAST_SPOTS)
    agent = str(scan.technique.get("contrast_agent", "")).strip()
    sentence = f"{state}.although_recorded" if agent and state != "green" else state
    said = {"value": f"{spots:.1f}"} | ({"agent": agent} if agent and state != "green" else {})
    return record("contrast_seen", state, spots, limit, sentence=sentence, **said)
