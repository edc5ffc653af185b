"""English sentences of `scan_import`. An id ending in .advice is the next step for the error of the same id."""

_CHOOSE = (
    "Choose one contrast-enhanced T1 scan of the head: a NIfTI file (.nii, .nii.gz) or the folder of one DICOM series."
)
_CONVERT = (
    "Convert the scan again from its DICOM files (for instance with dcm2niix), or choose the DICOM folder itself."
)
_EXPORT = "Export the series again from the PACS or the scanner, complete and uncompressed, and choose the new folder."

SENTENCES: dict[str, str] = {
    # what lies at the path
    "scan_import.missing": "There is no file or folder at the path given.",
    "scan_import.missing.advice": "Check the path. " + _CHOOSE,
    "scan_import.no_access": "The input can't be read: {cause}.",
    "scan_import.no_access.advice": "Check that the disk is connected and that you may read the file.",
    "scan_import.not_a_file": "The path given is neither a file nor a folder, but a device or a pipe.",
    "scan_import.not_a_file.advice": _CHOOSE,
    "scan_import.empty_file": "The file is empty.",
    "scan_import.empty_file.advice": "Copy or export it again.",
    "scan_import.empty_folder": "The folder is empty.",
    "scan_import.empty_folder.advice": _CHOOSE,
    "scan_import.no_dicom": "The folder holds no DICOM images.",
    "scan_import.no_dicom.advice": _CHOOSE,
    "scan_import.no_dicom_but_nifti": "The folder holds no DICOM images, but {count} NIfTI file(s).",
    "scan_import.no_dicom_but_nifti.advice": "Choose the NIfTI file of the contrast-enhanced T1 itself.",
    "scan_import.zip_damaged": "The zip archive is damaged or incomplete.",
    "scan_import.zip_damaged.advice": "Copy or download it again.",
    "scan_import.zip_encrypted": "The zip archive is encrypted.",
    "scan_import.zip_encrypted.advice": "Unpack it with its password and choose the folder.",
    "scan_import.zip_method": "The zip archive is packed in a way that is not supported.",
    "scan_import.zip_method.advice": "Unpack it and choose the folder.",
    "scan_import.zip_outside": "The zip archive names files outside of the folder that it is unpacked to.",
    "scan_import.zip_outside.advice": "Don't trust this archive; get the scan again from where it came.",
    "scan_import.zip_bomb": "The zip archive unpacks to far more than images can take up.",
    "scan_import.zip_bomb.advice": "Don't trust this archive; get the scan again from where it came.",
    "scan_import.zip_nested": "The zip archive holds no DICOM images, but other archives.",
    "scan_import.zip_nested.advice": "Unpack it and choose the archive inside.",
    "scan_import.zip_without_dicom": "The zip archive holds no DICOM images.",
    "scan_import.zip_without_dicom.advice": "Unpack it and choose the scan in it, or choose another archive.",
    "scan_import.dicomdir_damaged": "The DICOMDIR is damaged.",
    "scan_import.dicomdir_damaged.advice": "Choose the folder that it lies in instead.",
    "scan_import.dicomdir_without_files": "None of the {count} file(s) that the DICOMDIR names is there.",
    "scan_import.dicomdir_without_files.advice": (
        "Copy the whole CD, the DICOMDIR together with the folders beside it, or choose the folder of the images."
    ),
    "scan_import.files_damaged": (
        "{count} of {files} files are damaged and were left out (the first is file {first} in the order of the names)."
    ),
    "scan_import.files_missing": "{count} file(s) that the DICOMDIR names are missing.",
    "scan_import.too_many_files": "The folder and its subfolders hold more than {limit} files.",
    "scan_import.too_many_files.advice": "Choose the folder of the series itself.",
    "scan_import.too_large": "The input is larger than {limit_gb} GB.",
    "scan_import.too_large.advice": "Choose the folder of the series itself.",
    "scan_import.unsupported": "The file is not a NIfTI or DICOM file but {kind}.",
    "scan_import.unsupported.advice": (
        "Supported are NIfTI (.nii, .nii.gz), NRRD, MetaImage (.mha, .mhd) and DICOM; convert the file to one of these."
    ),
    "scan_import.unknown_content": ("The content of the file is no format that can be opened, whatever its name says."),
    "scan_import.unknown_content.advice": (
        "Supported are NIfTI (.nii, .nii.gz), NRRD, MetaImage (.mha, .mhd) and DICOM; choose such a file or convert "
        "this one."
    ),
    "scan_import.series_of_nifti": "A DICOM series was named, but the input is a NIfTI file.",
    "scan_import.series_of_nifti.advice": "Leave --series out, or choose the DICOM folder.",
    # NIfTI
    "scan_import.damaged": "The file is damaged: {cause}.",
    "scan_import.damaged.advice": "Copy the file again or make it anew from the DICOM files.",
    "scan_import.truncated": "The file ends too early: {have} of {need} bytes of image data are there.",
    "scan_import.truncated.advice": "Copy the file again; the copy or the download was probably interrupted.",
    "scan_import.header_pair": (
        "The file is half of a NIfTI pair (.hdr and .img), and the other half is not beside it."
    ),
    "scan_import.header_pair.advice": (
        "Copy both files into one folder under one name, or convert the pair to one .nii or .nii.gz file."
    ),
    "scan_import.analyze": (
        "The file is in the Analyze 7.5 format, which doesn't reliably say which side of the head is left."
    ),
    "scan_import.analyze.advice": (
        "Go back to the DICOM files, or convert it to NIfTI with a program that asks for the side, and check the side "
        "against the original images."
    ),
    "scan_import.gzip_bomb": (
        "The compressed file unpacks to more than {times} times its size, as no scan does, so it was not read on."
    ),
    "scan_import.gzip_bomb.advice": "Make the file again from the DICOM files.",
    "scan_import.image_too_large": (
        "The image has {shape} voxels, more than the limit of {axis_limit} on a side and {gb_limit} GB in all."
    ),
    "scan_import.image_too_large.advice": "Choose one 3D scan of the head, or resample this one.",
    "scan_import.two_d": "The image is 2D ({shape}), not a 3D scan.",
    "scan_import.two_d.advice": _CHOOSE,
    "scan_import.four_d": "The file holds {count} volumes (4D), not one 3D scan.",
    "scan_import.four_d.advice": "Save the one contrast-enhanced T1 volume as a file of its own and choose that.",
    "scan_import.colour": "The image is in colour (RGB); a scan has grey values.",
    "scan_import.colour.advice": "Choose the original MRI, not a colour map or a screenshot of it.",
    "scan_import.complex": "The image has complex values (magnitude and phase in one).",
    "scan_import.complex.advice": "Save the magnitude image and choose that.",
    "scan_import.voxel_type": "The voxels are of a type that is not supported ({kind}).",
    "scan_import.voxel_type.advice": "Save the image with 16-bit integers or 32-bit floating point values.",
    "scan_import.no_orientation": (
        "The file doesn't say how the head lies in it (neither qform nor sform is set), so left and right can't be "
        "told."
    ),
    "scan_import.no_orientation.advice": _CONVERT,
    "scan_import.no_orientation_in_space": (
        "The file doesn't say how the head lies in it (no anatomical space or no directions of its axes), so left and "
        "right can't be told."
    ),
    "scan_import.no_orientation_in_space.advice": _CONVERT,
    "scan_import.data_elsewhere": (
        "The header names a file for its image data that may lie outside of its own folder, which is not followed."
    ),
    "scan_import.data_elsewhere.advice": "Save the image in one file (.nrrd, .mha or .nii.gz) and choose that.",
    "scan_import.data_missing": "The file with the image data that the header names is not beside it.",
    "scan_import.data_missing.advice": "Copy both files into one folder, or save the image in one file.",
    "scan_import.file_crashed": "The image data made their reader end abruptly, so the file is damaged.",
    "scan_import.file_crashed.advice": "Copy the file again or make it anew from the DICOM files.",
    "scan_import.file_slow": "Reading the image data took far longer than usual and was stopped.",
    "scan_import.file_slow.advice": "Copy the file again or make it anew from the DICOM files.",
    "scan_import.file_memory": "Reading the image data wants far more memory than an image of its size.",
    "scan_import.file_memory.advice": "Copy the file again or make it anew from the DICOM files.",
    "scan_import.singular": "The file's description of how the head lies in it can't be used ({which}).",
    "scan_import.singular.advice": _CONVERT,
    "scan_import.spacing": "The voxel size in the header is not a number.",
    "scan_import.spacing.advice": _CONVERT,
    # is it one 3D MRI of a head?
    "scan_import.few_slices": "The image has only {count} slice(s); a 3D scan of the head has {least} or more.",
    "scan_import.few_slices.advice": (
        "Choose the whole series (the folder, not one of its slices), and not a localiser."
    ),
    "scan_import.skewed": "The axes of the image are not at right angles to each other (off by {degrees} degrees).",
    "scan_import.skewed.advice": "Resample the scan to a rectangular grid first, or choose the original DICOM series.",
    "scan_import.field_of_view": (
        "The image measures {size} mm; a scan of the head measures between {least} and {most} mm on each side."
    ),
    "scan_import.field_of_view.advice": "Check that it is a scan of the whole head and that its voxel size is right.",
    "scan_import.not_finite": "{percent} % of the voxels hold no valid number (NaN or infinite).",
    "scan_import.not_finite.advice": _CONVERT,
    "scan_import.all_zero": "The image is empty: every voxel is 0.",
    "scan_import.all_zero.advice": _CHOOSE,
    "scan_import.constant": "The image is empty: every voxel has the same value.",
    "scan_import.constant.advice": _CHOOSE,
    "scan_import.labels": "The image has only {count} different values, as a segmentation or a mask has.",
    "scan_import.labels.advice": "Choose the scan itself, not the segmentation that belongs to it.",
    "scan_import.ct": "The image is a CT, not an MRI.",
    "scan_import.ct.advice": "Choose the contrast-enhanced T1 MRI of the patient.",
    "scan_import.looks_like_ct": (
        "The intensities are those of a CT (air at about -1000 Hounsfield units), not of an MRI."
    ),
    "scan_import.looks_like_ct.advice": "Choose the contrast-enhanced T1 MRI of the patient.",
    # DICOM: which series
    "scan_import.several_series": "The folder holds {count} series that may be the one to analyse: {series}.",
    "scan_import.several_series.advice": (
        "Name the contrast-enhanced T1 with --series and its UID, or choose its folder alone."
    ),
    "scan_import.no_usable_series": "None of the {count} series in the folder is a 3D MRI of the head: {series}.",
    "scan_import.no_usable_series.advice": "Choose the folder of the contrast-enhanced T1 series.",
    "scan_import.several_volumes": "The series holds {count} volumes that may be the one to analyse: {series}.",
    "scan_import.several_volumes.advice": (
        "Name the contrast-enhanced T1 with --series and its UID, with the # and the number of the volume."
    ),
    "scan_import.unknown_series": "The folder holds no series with the UID that was named; it holds: {series}.",
    "scan_import.unknown_series.advice": "Name one of these with --series.",
    # DICOM: why not
    "scan_import.dicom_damaged": "File {file} of {files} is a damaged or incomplete DICOM file.",
    "scan_import.dicom_damaged.advice": (
        "Export or copy the series again, or name a whole one with --series; files are counted in the order of their "
        "names."
    ),
    "scan_import.dicom_pixels": "The image in file {file} of {files} is damaged, incomplete or can't be decoded.",
    "scan_import.dicom_pixels.advice": _EXPORT,
    "scan_import.decoder_crashed": (
        "The compressed image in file {file} of {files} made the decoder end abruptly, so the file is damaged."
    ),
    "scan_import.decoder_crashed.advice": _EXPORT,
    "scan_import.decoder_slow": (
        "Decoding the compressed image in file {file} of {files} took far longer than usual and was stopped."
    ),
    "scan_import.decoder_slow.advice": _EXPORT,
    "scan_import.decoder_memory": (
        "Decoding the compressed image in file {file} of {files} wants far more memory than an image of its size."
    ),
    "scan_import.decoder_memory.advice": _EXPORT,
    "scan_import.dicom_too_large": "File {file} of {files} is larger than the limit of {gb_limit} GB.",
    "scan_import.dicom_too_large.advice": "Choose one 3D scan of the head.",
    "scan_import.modality": "The series is of the modality {modality}, not MR.",
    "scan_import.modality.advice": "Choose the contrast-enhanced T1 MRI of the patient.",
    "scan_import.not_images": (
        "The DICOM files hold no images (for instance a report, a presentation state or raw data)."
    ),
    "scan_import.not_images.advice": "Choose the folder of the contrast-enhanced T1 series.",
    "scan_import.body_part": "The DICOM header names another part of the body ({part}), not the head.",
    "scan_import.body_part.advice": "Choose a scan of the head. If it is one, save it as NIfTI and choose that file.",
    "scan_import.mosaic": "The series is stored as a mosaic (many slices in one picture), as functional MRI is.",
    "scan_import.mosaic.advice": "Choose the anatomical contrast-enhanced T1 series.",
    "scan_import.inverted": "The images are stored inverted (MONOCHROME1), which is not supported for MRI.",
    "scan_import.inverted.advice": _EXPORT,
    "scan_import.phase": "The series holds phase images, not magnitude images.",
    "scan_import.phase.advice": "Choose the magnitude images of the contrast-enhanced T1 series.",
    "scan_import.value_table": (
        "The grey values are stored through a lookup table (Modality LUT), which is not supported."
    ),
    "scan_import.value_table.advice": _EXPORT,
    "scan_import.no_geometry": (
        "The DICOM files don't say where their slices lie (position, orientation or pixel spacing is missing)."
    ),
    "scan_import.no_geometry.advice": _EXPORT,
    "scan_import.orientations": "The slices of the series lie in different directions, as in a localiser.",
    "scan_import.orientations.advice": "Choose the contrast-enhanced T1 series, whose slices are parallel.",
    "scan_import.sizes": "The slices of the series differ in size or pixel spacing.",
    "scan_import.sizes.advice": _EXPORT,
    "scan_import.several_patients": "The files of the series name {count} different patients.",
    "scan_import.several_patients.advice": "Export the series of one patient again and choose its folder.",
    "scan_import.duplicates": (
        "The series holds {count} images for {positions} slice positions (several echoes, time points or image types)."
    ),
    "scan_import.duplicates.advice": "Choose or export a series with one image for each slice.",
    "scan_import.missing_slices": "The series is incomplete: {count} slice(s) are missing between the others.",
    "scan_import.missing_slices.advice": "Export or copy the whole series again.",
    "scan_import.uneven": "The slices are not evenly spaced (from {least} to {most} mm).",
    "scan_import.uneven.advice": "Choose a series with evenly spaced slices.",
    "scan_import.tilt": (
        "The slices are stacked at a slant of {degrees} degrees, more than the {most} degrees of a gantry tilt."
    ),
    "scan_import.tilt.advice": "Check the export; resample the series to a rectangular grid, or choose another series.",
    # remarks: what the reader of the report must know
    "scan_import.forms_disagree": (
        "The file describes its position twice (qform and sform), up to {mm} mm apart; the {used} was used."
    ),
    "scan_import.forms_disagree_on_side": (
        "The qform and the sform of the file disagree on which side is left; the {used} was used. Check the side "
        "against the original images."
    ),
    "scan_import.form_unusable": "The {unused} of the file can't be used; its {used} was used.",
    "scan_import.voxel_size_disagrees": (
        "The voxel size in the header differs from the one in its sform; the sform was used."
    ),
    "scan_import.units": "The file gives lengths in {unit}; they were converted to millimetres.",
    "scan_import.units_unknown": (
        "The file gives lengths in an unknown unit, which was taken to be the millimetre; check the size of the head."
    ),
    "scan_import.no_origin": (
        "The file doesn't say where in the scanner the image lies; sides and sizes are known, "
        "places are counted from its "
        "corner."
    ),
    "scan_import.far_off": (
        "The middle of the image lies {mm} mm away from the centre of the scanner; the position in "
        "the header may be wrong."
    ),
    "scan_import.more_data": (
        "The file holds more image data than its header says, so the size in the header may be wrong; check the image."
    ),
    "scan_import.axis_names_disagree": (
        "The file names its axes otherwise than their directions are; the directions were used. Check the side against "
        "the original images."
    ),
    "scan_import.filled": "{count} voxel(s) held no valid number (NaN or infinite) and were set to 0.",
    "scan_import.thick_slices": (
        "The slices are {mm} mm apart: small lesions can be missed, and measurements across the slices are less "
        "certain."
    ),
    "scan_import.series_taken": (
        "The folder holds {count} series; series {number} ({images} images) was taken, since the others are not 3D "
        "MRI of the head."
    ),
    "scan_import.copies_left_out": "{count} DICOM file(s) are copies of others and were left out.",
    "scan_import.no_contrast_recorded": (
        "The DICOM header records no contrast agent; the method needs a contrast-enhanced T1."
    ),
    "scan_import.name_undecoded": (
        "Some of the patient's data could not be decoded with the character set that the file names; check the name."
    ),
    "scan_import.series_proposed_taken": (
        "The folder holds {count} series; series {number} ({images} images) was taken as the contrast-enhanced T1, "
        "since its likelihood from the headers ({likelihood}) is clearly above that of the others ({next} at most)."
    ),
    "scan_import.files_unknown": (
        "{count} file(s) are empty or of no known kind and were passed over; if they belong to the series, slices are "
        "missing at its ends."
    ),
    "scan_import.repeats_left_out": "{count} slice(s) are there twice with the same picture; one of each was taken.",
    "scan_import.lossy": (
        "The images were compressed with loss, so faint differences may be missing or may come from the compression."
    ),
    "scan_import.tilt_removed": (
        "The slices are stacked at a slant of {degrees} degrees (gantry tilt); each was shifted within its plane, by "
        "interpolation, to a rectangular grid."
    ),
    "scan_import.slices_left_out": (
        "The slices are {mm} mm apart where the header says {said} mm: perhaps only every {nth}. slice was exported."
    ),
    "scan_import.gap": (
        "The slices are {mm} mm apart and {thickness} mm thick: what lies between them was not imaged, or slices are "
        "missing."
    ),
    "scan_import.distance_disagrees": (
        "The slices are {mm} mm apart by their positions, but the header says {said} mm; the positions were used."
    ),
    "scan_import.fewer_than_announced": (
        "The header announces {announced} images of this acquisition, and {images} are there: some may be missing."
    ),
    "scan_import.no_thumbnail": "The middle slice can't be shown: it is damaged, in colour or can't be decoded.",
    # which series is the contrast-enhanced T1
    "scan_import.proposed": (
        "Proposed as the contrast-enhanced T1: series {number} (likelihood {likelihood}, the others {next} at most)."
    ),
    "scan_import.proposed_none_usable": "No series is a 3D MRI of the head that can be analysed.",
    "scan_import.proposed_only": (
        "Series {number} is the only one that may be a 3D MRI of the head, but little shows that it is a "
        "contrast-enhanced T1 (likelihood {likelihood})."
    ),
    "scan_import.proposed_unclear": (
        "No series is clearly the contrast-enhanced T1 (highest likelihood {likelihood}, next {next}); choose one."
    ),
    "scan_import.proposed_studies": ("The series are of several patients or studies, so none is proposed; choose one."),
    "scan_import.proposed_irregular": (
        "Series {number} is the likeliest contrast-enhanced T1, but its slices can't be stacked, so none is proposed."
    ),
    "scan_import.proposed_file": (
        "The file holds one volume; whether it is a contrast-enhanced T1 can't be told from its header."
    ),
    # reasons of the likelihood
    "scan_import.reason_volume_file": "The file records neither the sequence nor a contrast agent.",
    "scan_import.reason_not_mr": "It is not an MRI.",
    "scan_import.reason_agent": "The header records a contrast agent.",
    "scan_import.reason_before_injection": "It was acquired before the contrast agent was injected.",
    "scan_import.reason_after_injection": "It was acquired after the contrast agent was injected.",
    "scan_import.reason_contrast_phase": "The header says of this volume that contrast agent had been given.",
    "scan_import.reason_no_contrast_phase": "The header says of this volume that no contrast agent had been given yet.",
    "scan_import.reason_contrast_named": "The description says that contrast agent was given ({word}).",
    "scan_import.reason_no_contrast_named": "The description says that no contrast agent was given yet ({word}).",
    "scan_import.reason_contrast_unclear": (
        "The description speaks of both, with contrast agent ({with_}) and without ({without})."
    ),
    "scan_import.reason_t1_named": "The description or the protocol names T1 or a T1 sequence.",
    "scan_import.reason_t1_recorded": "The scanner recorded it as T1-weighted.",
    "scan_import.reason_other_recorded": "The scanner recorded it as another kind of image ({kind}).",
    "scan_import.reason_other_named": "The description or the protocol names another kind of image ({kind}).",
    "scan_import.reason_t1_timing": "The times are those of a T1-weighted sequence ({times}).",
    "scan_import.reason_other_timing": "The times are not those of a T1-weighted sequence ({times}).",
    "scan_import.reason_sequence": "It is a 3D gradient echo, as a contrast-enhanced T1 of the whole head mostly is.",
    "scan_import.reason_epi": "It is echo-planar, as diffusion, perfusion and functional MRI are.",
    "scan_import.reason_after_twin": "It was acquired after another T1 with the same TR and TE.",
    "scan_import.reason_after_geometry_twin": (
        "It was acquired after another T1 with the same TR, TE, matrix and direction of slices."
    ),
    "scan_import.reason_before_geometry_twin": (
        "It was acquired before another T1 with the same TR, TE, matrix and direction of slices."
    ),
    "scan_import.reason_after_perfusion": "It was acquired after a perfusion series, which takes contrast agent.",
    "scan_import.reason_derived": "It was computed from another series ({kind}).",
    "scan_import.reason_before_twin": "It was acquired before another T1 with the same TR and TE.",
}
