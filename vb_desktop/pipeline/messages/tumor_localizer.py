"""English sentences of `tumor_localizer`. An id ending in .advice is the next step for the error of the same id."""

SENTENCES: dict[str, str] = {
    "tumor_localizer.no_brain": "No slice of the processed scan holds enough brain to look at.",
    "tumor_localizer.no_brain.advice": (
        "Look at the brain mask: the brain extraction or the alignment has probably failed."
    ),
    "tumor_localizer.no_prompt": "There is no prompt named {version}; there are: {known}.",
    "tumor_localizer.no_prompt.advice": "Choose one of those as vlm.prompt.",
    "tumor_localizer.no_tissue_map": "The tissue map {name} of nilearn is missing.",
    "tumor_localizer.no_tissue_map.advice": "Install nilearn again; it ships this file.",
    "tumor_localizer.not_a_vlm": "The boxes come from the {name}; no vision-language model has looked at this scan.",
    "tumor_localizer.boxes_outside": (
        "{count} of the boxes that {name} gave lay outside the brain or the slices shown, and were left out."
    ),
    "tumor_localizer.isolated_slices": (
        "{count} of {total} boxes stand alone: no box on a neighbouring slice meets them (slices {slices})."
    ),
    "tumor_localizer.unsteady": (
        "The boxes jump from slice to slice: their mean overlap (IoU) is {iou:.2f}, where a steady localisation has "
        "at least {threshold:.2f}."
    ),
    "tumor_localizer.area_jumps": (
        "Pairs of neighbouring slices between which the boxes change in area by more than {factor:g} times: {count}."
    ),
    "tumor_localizer.missing_slices": (
        "Slices between the boxes that have none and were filled by interpolation: {count}."
    ),
    "tumor_localizer.several_regions": (
        "The boxes form {count} separate regions; the method was made for a single tumour."
    ),
    "evidence.isolated_slices.good": "Every box meets one on a neighbouring slice.",
    "evidence.unsteady.good": "The boxes are steady from slice to slice (mean overlap, IoU, {iou:.2f}).",
    "evidence.unsteady.none": "No two neighbouring slices have boxes, so their steadiness can't be told.",
    "evidence.area_jumps.good": "The boxes change in area smoothly from slice to slice.",
    "evidence.missing_slices.good": "No slice between the boxes had to be filled by interpolation.",
    "evidence.sides.good": "The boxes stay on their side, and none is the mirror image of another.",
    "evidence.sides.change": (
        "Pairs of neighbouring slices between which the boxes change from one side of the brain to the other: {count}."
    ),
    "evidence.sides.mirrored": (
        "On {count} of {total} slices two boxes are mirror images of each other, as healthy structures are "
        "(choroid plexus, basal ganglia)."
    ),
    "evidence.several_regions.good": "The boxes form one region.",
    "evidence.empty_prior.good": "The refined prior holds a region of {ml:.1f} mL.",
    "evidence.mlp_agreement.good": "The voxel-wise MLP agrees with the boxes (Dice {dice:.2f}).",
    "tumor_localizer.mlp_agreement": (
        "The voxel-wise MLP agrees with the boxes little (Dice {dice:.2f}, at least {threshold:.2f} is usual): "
        "it confirms {percent:.0f} % of what they enclose. The boxes may be too large, or the tumour looks like "
        "healthy tissue."
    ),
    "tumor_localizer.low_confidence": (
        "No box has a confidence above {confidence:.2f}; below {threshold:.2f} about one in "
        "three of the built-in detector's regions was wrong."
    ),
    "tumor_localizer.tau_lowered": (
        "The coarse prior reaches {highest:.2f} only, so tau was lowered from {tau:.2f} to {used:.2f} to have "
        "examples of the tumour."
    ),
    "tumor_localizer.no_mlp": (
        "The boxes hold too little brain ({volume_ml:.2f} mL) to train the refinement; "
        "the refined prior is the coarse prior."
    ),
    "tumor_localizer.no_region": "The prior stays below 0.5 everywhere, so there is no localised region to measure.",
    "tumor_localizer.no_such_box": "There is no box {box} in force in this case; {count} boxes are.",
    "tumor_localizer.no_such_box.advice": "List them with: vb-desktop boxes CASE list",
    "tumor_localizer.nothing_to_undo": "There is no correction of the boxes to take back.",
    "tumor_localizer.nothing_to_undo.advice": "List the boxes with: vb-desktop boxes CASE list",
    "tumor_localizer.nothing_to_redo": "No correction of the boxes was taken back.",
    "tumor_localizer.nothing_to_redo.advice": "List the boxes with: vb-desktop boxes CASE list",
    "tumor_localizer.same_slice": "Boxes can be interpolated between two slices only; both lie on slice {k}.",
    "tumor_localizer.same_slice.advice": "Give two different slices.",
    "tumor_localizer.box_outside": "The box on slice {k} lies outside the brain.",
    "tumor_localizer.box_outside.advice": (
        "Give voxels of processed.nii.gz ({size_i} x {size_j} x {size_k}): i to the right, j anterior, k superior."
    ),
    "tumor_localizer.signed": "The case is signed and can't be changed.",
    "tumor_localizer.signed.advice": "Run the scan again into another case folder.",
    "tumor_localizer.no_boxes_yet": "The case holds no processed scan with boxes to correct.",
    "tumor_localizer.no_boxes_yet.advice": "Go on with it first: vb-desktop run CASE --out CASE --resume",
    "tumor_localizer.reader_edits": (
        "A reader has corrected the boxes: {added} of those in force are the reader's, "
        "{removed} of those marked were taken out or replaced."
    ),
    "tumor_localizer.edits_lost": (
        "Corrections of boxes that are no longer there, because the boxes were marked anew: {count}."
    ),
}
