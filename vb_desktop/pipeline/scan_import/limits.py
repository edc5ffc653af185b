"""What is let in. Checked on headers, before memory is taken or pixels are decoded."""

AXIS_VOXELS = 1024
"""Most voxels along one axis."""

VOLUME_BYTES = 1 << 30
"""Most bytes of a volume as float32."""

VOLUME_VOXELS = VOLUME_BYTES // 4

LEAST_SLICES = 16
"""Fewest voxels along an axis; localisers and single slices have less."""

FIELD_OF_VIEW_MM = (80.0, 400.0)
"""Shortest and longest side of a scan of the head: a stack of few thick slices, a scan that reaches into the neck."""

HEADER_EXTENSION_BYTES = 16 << 20
"""Most bytes between a NIfTI header and its voxels."""

DICOM_FILE_BYTES = 2 << 30
"""Most bytes of one DICOM file."""

FOLDER_FILES = 20_000
"""Most files in a folder and its subfolders."""

FRAMES = 20_000
"""Most frames that one DICOM file may announce."""

SKEW_DEGREES = 0.2
"""How far axes may be off right angles; 0.2 degrees are under 1 mm across a head."""

THICK_SLICES_MM = 3.0
"""Voxel edge above which the report says that small lesions can be missed."""

NOT_FINITE_SHARE = 0.01
"""Share of voxels without a valid number above which a scan is refused rather than filled."""
