"""English sentences of the quality gates: what was measured, against which limit, and what to do."""

SENTENCES: dict[str, str] = {
    "gate.kind_of_scan.name": "Kind of scan",
    "gate.contrast_seen.name": "Contrast agent",
    "gate.head_coverage.name": "Head coverage",
    "gate.orientation.name": "Orientation",
    "gate.brain_volume.name": "Brain volume",
    "gate.brain_shape.name": "Brain shape",
    "gate.template_overlap.name": "Overlap with template",
    "gate.similarity.name": "Similarity",
    "gate.jacobian.name": "Warp",
    "gate.kind_of_scan.green": (
        "The scan looks like T1: white matter is {fluid} spreads brighter than fluid and {grey} brighter than grey "
        "matter."
    ),
    "gate.kind_of_scan.amber": (
        "The scan looks little like T1: white matter is only {fluid} spreads brighter than fluid (usual: 1.0 and more) "
        "and {grey} brighter than grey matter (0.0 and more). Check which series was chosen."
    ),
    "gate.kind_of_scan.red.modality": (
        "The header says that this is {modality}, not MR: the method was made for T1-weighted MRI. Choose another "
        "series."
    ),
    "gate.kind_of_scan.red.ct": (
        "This is a CT: {percent} % of the scan has the Hounsfield units of air. The method was made for T1-weighted "
        "MRI. Choose another series."
    ),
    "gate.kind_of_scan.red.echo": (
        "The echo time of {ms} ms is not that of a T1-weighted scan (40 ms at most). Choose the T1 after contrast "
        "agent."
    ),
    "gate.kind_of_scan.red.fluid": (
        "Fluid is brighter than white matter (by {fluid} spreads of the brain; it is darker in T1): this is not "
        "T1-weighted. Choose the T1 after contrast agent."
    ),
    "gate.kind_of_scan.red.grey": (
        "Grey matter is brighter than white matter ({grey} spreads of the brain; T1: -0.5 at least), as in FLAIR: this "
        "is not T1-weighted. Choose the T1 after contrast agent."
    ),
    "gate.kind_of_scan.red.no_tissue": (
        "No brain tissue was found where the template has it, so the kind of scan can't be told. Look at the brain "
        "mask and the alignment."
    ),
    "gate.contrast_seen.green": (
        "Contrast agent is seen: the brightest parts stand out of their neighbourhood by {value} spreads (without it "
        "below 4.4)."
    ),
    "gate.contrast_seen.amber": (
        "Contrast agent is hardly seen: the brightest parts stand out by {value} spreads (with it 5.6 and more). Make "
        "sure that this is the T1 after contrast agent."
    ),
    "gate.contrast_seen.amber.although_recorded": (
        "Contrast agent is hardly seen, although the header names {agent}: the brightest parts stand out by {value} "
        "spreads (with it 5.6 and more). Make sure that this is the T1 after contrast agent."
    ),
    "gate.contrast_seen.red": (
        "No contrast agent is seen: the brightest parts stand out by {value} spreads (with it 5.6 and more), and the "
        "method was made for T1 after contrast agent only. Choose that series."
    ),
    "gate.contrast_seen.red.although_recorded": (
        "No contrast agent is seen, although the header names {agent}: the brightest parts stand out by {value} "
        "spreads (with it 5.6 and more). It may be the T1 before contrast agent; choose the one after it."
    ),
    "gate.head_coverage.green": (
        "The whole brain is in the scan: its flattest end ({where}) has {area} cm2 more than a round one."
    ),
    "gate.head_coverage.amber": (
        "A little of the brain may be cut off: at its {where} it ends in a flat face of {area} cm2 (usual: 25 at "
        "most). Look whether the scan holds what matters."
    ),
    "gate.head_coverage.amber.outside": (
        "A little of the brain may be cut off: {percent} % of the template's brain lie outside of the scan (usual: "
        "1 % at most). Look whether the scan holds what matters."
    ),
    "gate.head_coverage.red": (
        "The brain is cut off: at its {where} it ends in a flat face of {area} cm2 (50 at most). Choose a scan that "
        "shows the whole head."
    ),
    "gate.head_coverage.red.outside": (
        "The brain is cut off: {percent} % of the template's brain lie outside of the scan (3 % at most). Choose a "
        "scan that shows the whole head."
    ),
    "gate.orientation.green": (
        "The brain lies as the header says (it fits {value} better so than turned). Whether left and right are "
        "exchanged can't be told from the image alone."
    ),
    "gate.orientation.amber": (
        "It can't be told which way the brain lies (as the header says it fits {value} better than turned; usual: 0.05 "
        "and more). Look whether front is front and top is top."
    ),
    "gate.orientation.amber.side": (
        "The header contradicts itself on which side is left, and the image alone can't tell it. Compare the side with "
        "the original images before you use it."
    ),
    "gate.orientation.red.upside_down": (
        "The brain lies upside down against what the header says, so left and right may be exchanged too. Correct the "
        "orientation at the source, and import again."
    ),
    "gate.orientation.red.back_to_front": (
        "The brain lies back to front against what the header says, so left and right may be exchanged too. Correct "
        "the orientation at the source, and import again."
    ),
    "gate.orientation.red.both": (
        "The brain lies upside down and back to front against what the header says. Correct the orientation at the "
        "source, and import again."
    ),
    "gate.orientation.red.axes": (
        "The axes of the scan are exchanged: the brain does not lie as the header says, and left and right may be "
        "exchanged too. Correct the orientation at the source, and import again."
    ),
    "gate.brain_volume.green": "The extracted brain has {value} mL, which is usual ({low} to {high}).",
    "gate.brain_volume.amber": "The extracted brain has {value} mL, usual are {low} to {high}: look at the brain mask.",
    "gate.brain_volume.red": (
        "The extracted brain has {value} mL, which no whole brain has ({low} to {high}): the brain mask is wrong. "
        "Choose a scan that shows the whole head."
    ),
    "gate.brain_shape.green": (
        "The extracted brain has the shape of a brain: the largest difference from the template has {value} mL."
    ),
    "gate.brain_shape.amber.missing": (
        "A piece of {value} mL may be missing from the extracted brain (usual: 20 at most): look at the brain mask."
    ),
    "gate.brain_shape.amber.surplus": (
        "A piece of {value} mL at the extracted brain may not belong to it (usual: 20 at most): look at the brain mask."
    ),
    "gate.brain_shape.red.missing": (
        "A piece of {value} mL is missing from the extracted brain (40 at most): the brain mask is wrong, or the brain "
        "is cut off. Look at the mask; choose another series if it misses the tumour."
    ),
    "gate.brain_shape.red.surplus": (
        "A piece of {value} mL at the extracted brain does not belong to it (40 at most): the brain mask is wrong. "
        "Look at the mask, and choose another series."
    ),
    "gate.template_overlap.green": "The aligned brain covers the template well (Dice {value}).",
    "gate.template_overlap.amber": (
        "The aligned brain covers the template partly (Dice {value}; usual: 0.95 and more): look at both."
    ),
    "gate.template_overlap.red": (
        "The aligned brain misses the template (Dice {value}; 0.90 at least): positions can't be trusted. Look at the "
        "brain mask and the orientation."
    ),
    "gate.similarity.green": (
        "The aligned brain resembles the template best where it lies ({value} times as much as turned or shifted a "
        "little)."
    ),
    "gate.similarity.amber": (
        "The aligned brain resembles the template hardly better than turned or shifted a little ({value} times; usual: "
        "1.10 and more): look at the alignment."
    ),
    "gate.similarity.red": (
        "The aligned brain would resemble the template more if it were turned or shifted ({value} times as much where "
        "it lies; 1.00 at least): the alignment is wrong, and positions can't be trusted. Look at the "
        "brain mask and the orientation."
    ),
    "gate.jacobian.green": "The warp to the template is smooth ({strong} % of the brain stretched or squeezed a lot).",
    "gate.jacobian.amber": (
        "The warp to the template stretches or squeezes {strong} % of the brain a lot (usual: 0.5 % at most): look at "
        "the alignment."
    ),
    "gate.jacobian.red": (
        "The warp to the template folds {folded} % of the brain: positions can't be trusted. Look at the brain mask."
    ),
    "gate.jacobian.affine": "No warp was used, so nothing was stretched or squeezed locally.",
}
