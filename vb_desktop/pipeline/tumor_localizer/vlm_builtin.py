"""The embedded default: the learned slice detector where its model is installed, else the rules. It says which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vb_desktop.pipeline.case import Box, ProcessedScan
from vb_desktop.pipeline.config import VlmConfig
from vb_desktop.pipeline.models import is_installed
from vb_desktop.pipeline.tumor_localizer.vlm import VLM
from vb_desktop.pipeline.tumor_localizer.vlm_rules import RuleDetector

SLICE_DETECTOR = "built-in slice detector, not a VLM"


class BuiltinDetector:
    """Mark the tumour with what ships. A model that is there but damaged is refused, never silently left aside."""

    source = "builtin"

    def __init__(self, config: VlmConfig | None = None) -> None:
        self.config = config or VlmConfig()
        self._rules: VLM | None = None if is_installed(self.config.detector) else RuleDetector(self.config)
        self.name = SLICE_DETECTOR if self._rules is None else self._rules.name

    def boxes(self, processed: ProcessedScan, slices: Sequence[int], prompt: str) -> Iterator[tuple[int, list[Box]]]:
        """Look at the whole volume, then answer slice by slice; the prompt is not used.

        Yields:
            (k, boxes) in the order of `slices`.

        Raises:
            ModelRefused: the detector's model is damaged.
        """
        if self._rules is not None:
            yield from self._rules.boxes(processed, slices, prompt)
            return
        from vb_desktop.pipeline.tumor_localizer.detector_boxes import boxes_of, find_regions
        from vb_desktop.pipeline.tumor_localizer.detector_grid import detector_input
        from vb_desktop.pipeline.tumor_localizer.slice_detector import load_detector, probabilities

        detector = load_detector(self.config.detector)
        image, brain = detector_input(processed)
        core, whole = probabilities(detector.networks, image)
        regions = find_regions(core, whole, brain, detector.card)
        found = [boxes_of(region, core, processed.mask, detector.card) for region in regions]
        for k in slices:
            yield k, [boxes[k] for boxes in found if k in boxes]
