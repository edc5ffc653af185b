"""The window: a PySide6 shell around napari. Heavy libraries are imported by its worker process only."""
