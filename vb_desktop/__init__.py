"""Virtual Biopsy Desktop: what a contrast-enhanced T1 MRI shows of a brain tumour, and why. Research use only."""

__version__ = "0.1.0"
