"""English sentences of `tumor_localizer`. An id ending in .advice is the next step for the error of the same id."""

SENTENCES: dict[str, str] = {}
