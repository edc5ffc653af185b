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

FAR_OFF_MM = 400.0
"""Way from the scanner's centre to the middle of the head above which a wrong header is likelier than a moved table."""

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

INFLATED_BYTES = 1 << 30
"""Most bytes that a deflated DICOM file may unpack to."""

INFLATED_RATIO = 250
"""Most bytes that one packed byte may unpack to once 32 MB are passed: a scan has 2 to 20, a gzip bomb 1000."""

INFLATED_FREELY_BYTES = 32 << 20

DECODER_BYTES = 600 << 20
"""Address space of the child that decodes, over what the image itself needs; its libraries take up to 420 MB of it."""

DECODER_START_SECONDS = 60.0
"""Time for the child to load its libraries: 0.6 s, much more on a cold or busy machine."""

DECODER_SECONDS = 4.0
"""Processor time of that child, over what the image needs."""

DECODER_BYTES_PER_SECOND = 2 << 20
"""Slowest decoding that is waited for; RLE, JPEG, JPEG-LS and JPEG 2000 do 20 to 200 MB a second."""

DECODER_WALL = 2.0
"""Wall clock over processor time, for a busy machine."""

TILT_DEGREES = 45.0
"""Slant of the slices above which it is no gantry tilt."""

DEFLATED_HEADER_BYTES = 16 << 20
"""Most bytes of a deflated DICOM file that are unpacked for its header."""

ZIP_DIRECTORY_BYTES = 16 << 20
"""Most bytes of the list of files at the end of a zip archive; it is read in one piece."""

ZIP_BYTES = 64 << 30
"""Most bytes that a zip archive may unpack to; it is read in place, and only the series that is opened is unpacked."""

ZIP_RATIO = 100
"""Most bytes that one packed byte may unpack to, for a file or an archive of more than `ZIP_FREELY_BYTES`."""

ZIP_FREELY_BYTES = 256 << 20
"""Up to here any ratio is let in: a slice that shows nothing has 1000, which is the most there is."""

DICOMDIR_BYTES = 256 << 20
"""Largest DICOMDIR."""

THUMBNAIL_PIXELS = 128
"""Longer side of a thumbnail."""
