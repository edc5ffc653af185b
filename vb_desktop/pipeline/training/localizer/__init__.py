"""Training of the slice detector: real cases, synthetic lesions, folds, out-of-fold predictions, the model folder."""
