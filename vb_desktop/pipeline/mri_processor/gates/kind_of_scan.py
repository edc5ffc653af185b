"""Is this a T1-weighted MRI of a head at all? Not a CT, not T2, not FLAIR."""

from __future__ import annotations

import numpy as np

from vb_desktop.pipeline.case import Scan, Volume
from vb_desktop.pipeline.case_record import GateRecord
from vb_desktop.pipeline.mri_processor.contrast import TissueContrast
from vb_desktop.pipeline.mri_processor.gates.record import record

GOOD_FLUID, LEAST_FLUID = 1.0, 0.0
GOOD_GREY, LEAST_GREY = 0.0, -0.5
LONGEST_ECHO_MS = 40.0
LEAST_AIR, LEAST_SOFT = 0.05, 0.02
"""Share of a CT that is air (-1100 to -800 HU), and soft tissue (-50 to 150 HU)."""


def kind_of_scan(scan: Scan, tissue: TissueContrast) -> GateRecord:
    """White matter is brighter than grey matter and fluid, as in T1; the header says nothing else.

    Value: the difference that decided, in spreads of the brain; for a CT the share of air, for an echo time its length.
    """
    modality = str(scan.technique.get("modality") or "MR").upper()
    air = hounsfield_air(scan.volume)
    if modality != "MR":
        return record("kind_of_scan", "red", air, LEAST_AIR, sentence="red.modality", modality=modality)
    if air >= LEAST_AIR:
        return record("kind_of_scan", "red", air, LEAST_AIR, sentence="red.ct", percent=f"{100 * air:.0f}")
    echo = scan.technique.get("echo_time_ms")
    if isinstance(echo, int | float) and echo > LONGEST_ECHO_MS:
        return record("kind_of_scan", "red", float(echo), LONGEST_ECHO_MS, sentence="red.echo", ms=f"{echo:.0f}")
    fluid, grey = tissue.white_over_fluid, tissue.white_over_grey
    if np.isnan(fluid):
        return record("kind_of_scan", "red", 0.0, LEAST_FLUID, sentence="red.no_tissue")
    said = {"fluid": f"{fluid:.1f}", "grey": f"{grey:.1f}"}
    if fluid < LEAST_FLUID:
        return record("kind_of_scan", "red", fluid, LEAST_FLUID, sentence="red.fluid", **said)
    if grey < LEAST_GREY:
        return record("kind_of_scan", "red", grey, LEAST_GREY, sentence="red.grey", **said)
    if fluid < GOOD_FLUID:
        return record("kind_of_scan", "amber", fluid, GOOD_FLUID, **said)
    if grey < GOOD_GREY:
        return record("kind_of_scan", "amber", grey, GOOD_GREY, **said)
    return record("kind_of_scan", "green", fluid, GOOD_FLUID, **said)


def hounsfield_air(volume: Volume) -> float:
    """Share of the scan that is air in Hounsfield units; 0 where there is no soft tissue of a CT beside it."""
    voxels = volume.voxels[::2, ::2, :: 2 if volume.voxels.shape[2] > 20 else 1]
    soft = float(((voxels > -50) & (voxels < 150)).mean())
    return float(((voxels > -1100) & (voxels < -800)).mean()) if soft >= LEAST_SOFT else 0.0
