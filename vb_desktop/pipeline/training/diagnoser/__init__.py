"""Training of the Adaptive-Diagnoser on Lightning (paper, Sec. 5): folds, recipe, calibration, model folder."""
