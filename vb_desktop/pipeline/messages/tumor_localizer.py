"""English sentences of `tumor_localizer`. An id ending in .advice is the next step for the error of the same id."""

SENTENCES: dict[str, str] = {
    "tumor_localizer.no_brain": "No slice of the processed scan holds enough brain to look at.",
    "tumor_localizer.no_brain.advice": (
        "Look at the brain mask: the brain extraction or the alignment has probably failed."
    ),
    "tumor_localizer.no_prompt": "There is no prompt named {version}; there are: {known}.",
    "tumor_localizer.no_prompt.advice": "Choose one of those as vlm.prompt, or a text file (.txt) of your own.",
    "tumor_localizer.empty_prompt": "The prompt {version} is empty.",
    "tumor_localizer.empty_prompt.advice": "Write into it what the model is to look for and how to answer.",
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
    "tumor_localizer.changed_elsewhere": "The boxes of the case were changed elsewhere in the meantime.",
    "tumor_localizer.changed_elsewhere.advice": "Open the case again, and make the corrections anew.",
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
    # Vision-language models: answers.
    "tumor_localizer.vlm_unreadable": "The answer was not the JSON that was asked for.",
    "tumor_localizer.vlm_repeats": "The model repeated itself without end.",
    "tumor_localizer.vlm_late": "There was no answer within {seconds:g} s.",
    "tumor_localizer.vlm_fails": "{name} gave no usable answer for {count} of {asked} slices; the last time: {why}",
    "tumor_localizer.vlm_fails.advice": (
        "Choose another model or prompt, or allow more time (vlm.slice_timeout_s). Run again with --resume: what was "
        "done is kept."
    ),
    "tumor_localizer.vlm_unanswered": "{name} gave no usable answer for {count} of {asked} slices; they have no box.",
    "tumor_localizer.vlm_senseless": "{count} of the boxes that {name} gave made no sense and were left out.",
    "tumor_localizer.vlm_stride": (
        "{asked} of {total} slices were looked at: some at equal distances, then all around the slices with a box."
    ),
    # Vision-language models: the checkpoint.
    "tumor_localizer.vlm_not_loaded": "The model {model} could not be loaded: {cause}.",
    "tumor_localizer.vlm_not_loaded.advice": (
        "Give vlm.model a folder with a Qwen3-VL checkpoint; a name is looked for on the hub, which needs a connection "
        "or an earlier download."
    ),
    "tumor_localizer.vlm_no_safetensors": "The folder {folder} holds no weights as safetensors; no others are loaded.",
    "tumor_localizer.vlm_no_safetensors.advice": "Download the checkpoint again with its *.safetensors files.",
    "tumor_localizer.vlm_other_family": "The model {model} is of the kind {kind}, not a Qwen3-VL.",
    "tumor_localizer.vlm_other_family.advice": "Serve it, and choose --vlm openai with --vlm-url.",
    "tumor_localizer.vlm_no_room": "The model {model} does not fit into the memory of {device}.",
    "tumor_localizer.vlm_no_room.advice": "Choose a smaller one, vlm.batch = 1, or another device.",
    "tumor_localizer.vlm_no_device": "There is no device {device} here.",
    "tumor_localizer.vlm_no_device.advice": "Leave vlm.device at auto, or set it to cpu.",
    # Vision-language models: the server.
    "tumor_localizer.server_none": "No address of a server is set.",
    "tumor_localizer.server_none.advice": "Give one with --vlm-url, such as http://127.0.0.1:8000/v1.",
    "tumor_localizer.server_bad_url": "{url} is not an address of a server.",
    "tumor_localizer.server_bad_url.advice": "It begins with http:// or https:// and mostly ends in /v1.",
    "tumor_localizer.server_remote": "The server {host} is not this machine, and no slice leaves it without consent.",
    "tumor_localizer.server_remote.advice": (
        "Add --allow-remote if the slices (pixels only, without identity) may be sent there."
    ),
    "tumor_localizer.server_refused": "Nothing answers at {host}: the connection was refused.",
    "tumor_localizer.server_refused.advice": (
        "Start the server, and look at the port. Run again with --resume: what was done is kept."
    ),
    "tumor_localizer.server_unknown": "No machine of the name {host} is known.",
    "tumor_localizer.server_unknown.advice": "Look at the spelling, and at the connection to the network.",
    "tumor_localizer.server_tls": "The certificate of {host} was not accepted: {cause}.",
    "tumor_localizer.server_tls.advice": "Ask who runs the server; behind http:// there is none.",
    "tumor_localizer.server_cut": "The connection to {host} broke off: {cause}.",
    "tumor_localizer.server_cut.advice": "Look at the server's log. Run again with --resume: what was done is kept.",
    "tumor_localizer.server_key": "The server {host} does not accept the key ({status}).",
    "tumor_localizer.server_key.advice": "Set the environment variable VB_VLM_API_KEY; the key is never stored.",
    "tumor_localizer.server_no_model": "The server {host} has no model {model}; it has: {known}.",
    "tumor_localizer.server_no_model.advice": "Choose one of them with --vlm-model.",
    "tumor_localizer.server_which_model": "The server {host} has several models ({known}), or does not say which.",
    "tumor_localizer.server_which_model.advice": "Choose one with --vlm-model.",
    "tumor_localizer.server_not_there": "There is no OpenAI-compatible server at {url} ({status}).",
    "tumor_localizer.server_not_there.advice": "Look at the address: mostly it ends in /v1.",
    "tumor_localizer.server_no_vision": "The model {model} at {host} takes no pictures, or not these: {cause}.",
    "tumor_localizer.server_no_vision.advice": "Choose a model with vision, such as a Qwen3-VL.",
    "tumor_localizer.server_error": "The server {host} reported an error ({status}): {cause}.",
    "tumor_localizer.server_error.advice": "Look at the server's log. Run again with --resume: what was done is kept.",
    "tumor_localizer.server_garbage": "What {host} answered is not what an OpenAI-compatible server answers.",
    "tumor_localizer.server_garbage.advice": "Look at the address: mostly it ends in /v1.",
    "tumor_localizer.server_ok": "{host} answers; the model {model} takes pictures ({seconds:.1f} s for one).",
}
