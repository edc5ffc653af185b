"""English sentences of training, experiments and installing models. An id ending in .advice is the next step."""

SENTENCES: dict[str, str] = {
    "training.unknown_label": "The label of the case {case} is not one of the classes: {label}.",
    "training.unknown_label.advice": "Known are {known}; correct the label, or leave the case out.",
    "training.two_classes": "The case {case} has a patient in two classes: {classes}.",
    "training.two_classes.advice": "Correct the label of one of that patient's scans, or leave them out; see: "
    "vb-desktop cohort check",
    "training.too_few_cases": "The class {name} has {count} patients, too few for {folds} folds.",
    "training.too_few_cases.advice": "Give fewer folds (--folds), or more patients of that class.",
    "training.no_prior": "Nothing was localised in any of the {count} cases, so there is no prior to learn with.",
    "training.no_prior.advice": "Look at a case with vb-desktop run, or choose what marks the boxes with --set "
    "vlm.backend=...",
    "training.not_prepared": "The case {case} does not lie on the network's grid or has no brain.",
    "training.not_prepared.advice": "Delete the folder of the prepared cases (--work) and run it again.",
    "training.none_prepared": "None of the {count} cases could be prepared; the first failed so: {cause}",
    "training.foreign_checkpoint": "The checkpoint {name} is damaged or was not written by this program.",
    "training.foreign_checkpoint.advice": "Delete it and run the same command again: it begins that network anew.",
    "training.diverged": "The training gave a network whose answers are not numbers; no model was written.",
    "training.diverged.advice": "Lower the learning rate with --set learning_rate=..., or set precision=float32.",
    "model.name": "A model can't be installed as {name}.",
    "model.name.advice": "Give a plain name with --name, such as diagnoser.",
    "model.not_installed": "The model {name} could not be installed: {cause}.",
    "model.not_installed.advice": "The model that was there before is as it was; see: vb-desktop models list",
    "experiment.other_run": "The folder {folder} holds an experiment with other cases or settings.",
    "experiment.other_run.advice": "Give an empty folder for --out.",
    "experiment.failed": "{count} of {total} trainings failed; the first one so: {cause}",
    "experiment.failed.advice": "Run the same command again: what is done stays done.",
}
