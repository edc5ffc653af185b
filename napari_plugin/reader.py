"""Open a case folder, or a scan, in napari."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import napari

from napari_plugin.layers import LayerData, case_layers, scan_layer, use_radiological_convention
from vb_desktop.pipeline.case_folder import read_case

_SCANS = (".nii", ".nii.gz", ".nrrd")


def get_reader(path: str | Sequence[str]) -> Callable[[str | Sequence[str]], list[LayerData]] | None:
    """The reader of a case folder (or of its case.json) or of a scan; None for everything else."""
    if not isinstance(path, str):
        return None
    if case_folder_of(path) is not None:
        return read_case_layers
    return read_scan_layers if path.lower().endswith(_SCANS) else None


def case_folder_of(path: str) -> Path | None:
    """The case folder that a path means, or None."""
    folder = Path(path).parent if Path(path).name == "case.json" else Path(path)
    return folder if (folder / "case.json").is_file() else None


def read_case_layers(path: str | Sequence[str]) -> list[LayerData]:
    """The layers of a case folder in native space."""
    folder = case_folder_of(str(path))
    if folder is None:
        raise FileNotFoundError(f"{path} is not a case folder: it holds no case.json")
    turn_current_viewer()
    return case_layers(read_case(folder), "native")


def read_scan_layers(path: str | Sequence[str]) -> list[LayerData]:
    """A scan of its own, as the pipeline reads it: closest canonical RAS."""
    from vb_desktop.pipeline.scan_import.open_scan import open_scan

    turn_current_viewer()
    return [scan_layer(open_scan(Path(str(path))).volume)]


def turn_current_viewer() -> None:
    """Give the viewer that asks the radiological convention: a reader's layers can't say it themselves."""
    if (viewer := napari.current_viewer()) is not None:
        use_radiological_convention(viewer)
