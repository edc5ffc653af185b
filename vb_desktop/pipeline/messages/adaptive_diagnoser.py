"""English sentences of `adaptive_diagnoser` and its models. `X.advice` is the next step for the error X."""

SENTENCES: dict[str, str] = {
    "model.tensors": "The weights of the model {name} don't fit its card: {missing} tensors are missing and {wrong} "
    "have another shape, e.g. {first}.",
    "model.tensors.advice": "Install the model again; see: vb-desktop models verify",
    "model.not_finite": "The weights of the model {name} are damaged: {first} holds values that are not numbers.",
    "model.not_finite.advice": "Train or install the model again.",
    "model.kind": "The model {name} is a {kind}, not a diagnoser.",
    "model.kind.advice": "Choose a model of the kind diagnoser; see: vb-desktop models list",
    "model.classes": "The model {name} tells other classes apart ({classes}) than this program.",
    "model.classes.advice": "Choose a model trained for glioma, PCNSL, germinoma and other; see: vb-desktop models "
    "list",
    "model.backbone": "The model {name} was trained with the backbone {has}, but the settings ask for {wants}.",
    "model.backbone.advice": "Set diagnose.backbone to {has}, or choose a model trained with {wants}.",
    "model.architecture": "The network of the model {name} can't be built as its card says: {cause}.",
    "model.architecture.advice": "Install the model again, or train it anew.",
    "model.grid": "The network of the model {name} sees a grid ({shape} voxels of {mm:g} mm) that does not "
    "hold the brain of the template.",
    "model.grid.advice": "Install the model again, or train it anew.",
    "model.reference": "The statistics of the training data that the model {name} brings are not its network's: "
    "{cause}.",
    "model.reference.advice": "Install the model again, or train it anew.",
    "diagnosis.intended_use": "The method was made for one deep, biopsied, untreated intracranial tumour on "
    "contrast-enhanced T1. It can't tell meningioma, metastasis, abscess or inflammation from these classes.",
    "diagnosis.several_regions": "{n} separate regions were localised; the method was made for a single lesion.",
    "diagnosis.superficial": "The centre of the localised region lies {depth_mm:.0f} mm below the convexity; the "
    "method was made for deep lesions.",
    "diagnosis.touches_surface": "The localised region reaches the surface of the brain: {share:.0%} of it lie within "
    "{near_mm:.0f} mm of the convexity; the method was made for deep lesions.",
    "diagnosis.age": "The patient's age lies outside {youngest} to {oldest} years, the ages of the paper's patients.",
    "diagnosis.within_use": "As far as the image and the age tell, the case is one that the method was made for.",
    "diagnosis.calibrated": "The probabilities are scaled with a temperature of {temperature:.2f}, learned on {cases} "
    "held-out cases.",
    "diagnosis.decided": "The 90 % prediction set holds one class: {classes}.",
    "diagnosis.undecided": "The model can't decide between {classes}: each is in its 90 % prediction set.",
    "diagnosis.outside_training": "The scan lies outside the model's training data (distance {score:.2f}, limit "
    "{threshold:.2f}); its probabilities can't be trusted.",
    "diagnosis.ood_not_assessed": "The model brings no statistics of its training data, so the distance from them "
    "was not assessed.",
    "diagnosis.inside_training": "The features of the scan lie where those of the training cases do (distance "
    "{score:.2f}, limit {threshold:.2f}).",
    "diagnosis.measures_inside": "Grey values, size and place of the localised region are within what the training "
    "cases had.",
    "diagnosis.measures_not_assessed": "The model does not say what grey values, sizes and places its training cases "
    "had, so those of this case were not compared with them.",
    "diagnosis.steady": "Mirrored or moved by a voxel the scan gets the same class (standard deviation of the "
    "probability of {name}: {deviation:.1%}, {copies} copies).",
    "diagnosis.unsteady": "Mirrored or moved by a voxel the scan gets the same class, but its probability varies "
    "(standard deviation of that of {name}: {deviation:.0%}, {copies} copies).",
    "diagnosis.unsteady_class": "Mirrored or moved by a voxel the scan gets another class in {others} of {copies} "
    "copies: the answer hangs on chance.",
    "diagnosis.outside.brain_ml": "The brain measures {value:.0f} mL in the template's space; the training cases' had "
    "{low:.0f} to {high:.0f} mL.",
    "diagnosis.outside.brain_skewness": "The grey values of the brain are spread in another way (skewness {value:.2f}) "
    "than those of the training cases ({low:.2f} to {high:.2f}).",
    "diagnosis.outside.brain_bright": "The brightest half percent of the brain begins {value:.1f} standard deviations "
    "above its mean; in the training cases {low:.1f} to {high:.1f}.",
    "diagnosis.outside.brain_sharpness": "The image is sharper, noisier or more blurred (mean gradient {value:.3f} "
    "per mm) than the training cases ({low:.3f} to {high:.3f}).",
    "diagnosis.outside.region_ml": "The localised region measures {value:.1f} mL in the template's space; the training "
    "cases' had {low:.1f} to {high:.1f} mL.",
    "diagnosis.outside.region_lateral_mm": "The localised region lies {value:.0f} mm beside the midline; in the "
    "training cases {low:.0f} to {high:.0f} mm.",
    "diagnosis.outside.region_y_mm": "The localised region lies at y = {value:.0f} mm (front to back, MNI); in the "
    "training cases at {low:.0f} to {high:.0f} mm.",
    "diagnosis.outside.region_z_mm": "The localised region lies at z = {value:.0f} mm (height, MNI); in the training "
    "cases at {low:.0f} to {high:.0f} mm.",
    "diagnosis.outside.region_intensity": "The localised region has another brightness ({value:.1f} standard "
    "deviations from the brain's mean) than the training cases' ({low:.1f} to {high:.1f}).",
    "diagnosis.not_calibrated": "The model was not calibrated: its probabilities and its prediction set have no "
    "known coverage.",
    "diagnosis.cam_outside": "The Grad-CAM of {name} lies mostly outside the localised region and its neighbourhood "
    "({share:.0%} inside): the model may have looked at something else.",
    "diagnosis.cam_not_focused": "The Grad-CAM of {name} does not gather at the localised region: {share:.0%} of it "
    "lie there or within a cell of the map ({cell_mm:.0f} mm), {even:.0%} of an even map would. The model may have "
    "looked at something else.",
    "diagnosis.cam_inside": "{share:.0%} of the Grad-CAM of {name} lie in the localised region or within a cell "
    "of the map ({cell_mm:.0f} mm) of it.",
    "diagnosis.cam_empty": "The Grad-CAM of {name}, the most probable class, is empty: no place speaks for it.",
    "diagnosis.without_prior": "Nothing was localised; the whole brain was diagnosed because the settings ask for it.",
}
