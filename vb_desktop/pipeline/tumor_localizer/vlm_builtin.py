"""The embedded default. It is not a VLM and says so."""

from vb_desktop.pipeline.tumor_localizer.vlm_rules import RuleDetector as BuiltinDetector

__all__ = ["BuiltinDetector"]
