"""English sentences of `mri_processor`. An id ending in .advice is the next step for the error of the same id."""

SENTENCES: dict[str, str] = {}
