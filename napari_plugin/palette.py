"""Colours of the layers: told apart in a deuteranopia simulation and in grey print."""

from __future__ import annotations

AMBER = "#FFC24B"
"""Boxes of a detector or a VLM."""
TEAL = "#3FD9B8"
"""Boxes of the reader."""
VIOLET = "#8A5CF6"
"""Coarse prior at 1."""
PINK = "#FF8FA3"
"""Refined prior."""
