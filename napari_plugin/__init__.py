"""Virtual Biopsy in napari: cases, their layers, and the pipeline as a widget. Research use only."""
