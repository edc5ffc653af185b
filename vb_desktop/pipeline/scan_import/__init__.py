"""Open: a DICOM series or a NIfTI file becomes a `Scan`, or one sentence says why not."""
