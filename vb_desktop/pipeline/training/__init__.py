"""Training: synthetic cohort, the paper's recipe, calibration, model card."""
