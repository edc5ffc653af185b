"""English sentences of `export`. An id ending in .advice is the next step for the error of the same id."""

SENTENCES: dict[str, str] = {
    "export.no_dicom_source": "The scan did not come as DICOM, so a DICOM export has no series to refer to.",
    "export.no_dicom_source.advice": "Export it with --nifti or --csv, or run the case again from its DICOM series.",
    "export.source_damaged": "What the case knows of its DICOM series (source_dicom.json) can't be read.",
    "export.source_damaged.advice": "Run the case again from its DICOM series.",
    "export.other_grid": "The results of the case don't lie on the grid of its DICOM series.",
    "export.other_grid.advice": "Run the case again from its DICOM series.",
    "export.no_region": "The case has no localised region, so there is no {what} to export.",
    "export.no_region.advice": "Look at its boxes first: vb-desktop boxes CASE list",
    "export.no_report": "The case has no report yet.",
    "export.no_report.advice": "Write it first: vb-desktop report CASE",
    "export.no_write": "The export can't be written to {folder}: {cause}.",
    "export.no_write.advice": "Choose a folder that you may write to, on a disk with room.",
    "export.nothing_chosen": "Nothing was chosen to export.",
    "export.nothing_chosen.advice": "Name at least one of --dicom-seg, --dicom-sr, --dicom-pdf, --nifti, --csv.",
    "export.exists": "{name} is there already in {folder}.",
    "export.exists.advice": "Choose another folder; an export never replaces a file.",
}
