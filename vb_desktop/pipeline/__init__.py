"""The method: no Qt, no napari. Stages in the order of the paper (arXiv 2602.21613)."""
