"""English sentences of `evaluation`. An id ending in .advice is the next step for the error of the same id."""

SENTENCES: dict[str, str] = {
    "evaluation.no_cases": "The folder {folder} holds no case: no subfolder with t1ce.nii.gz.",
    "evaluation.no_cases.advice": "Give a folder whose subfolders hold t1ce.nii.gz, and seg.nii.gz unless controls.",
    "evaluation.no_prediction": "There is no prediction for the case {case}.",
    "evaluation.no_prediction.advice": "Give a folder with a file a case, as `train localizer --folds` writes it.",
    "evaluation.bad_prediction": "The prediction for the case {case} can't be used: {cause}.",
    "evaluation.bad_prediction.advice": "Predict again from the same images with the same settings.",
    "evaluation.too_few_cases": "There are {count} cases with a segmentation, too few for {folds} folds.",
    "evaluation.too_few_cases.advice": "Give at least 2 folds and as many cases as folds.",
    "evaluation.grid": "The segmentation of {case} does not lie where its image lies.",
    "evaluation.grid.advice": "Give a segmentation drawn on the same image.",
    "evaluation.figures": "The file {file} does not hold the figures of an evaluation ({cause}).",
    "evaluation.figures.advice": "Give a file that `evaluate localization --out` wrote.",
}
