"""Draw a synthetic cohort: patients with one tumour of a known class, in MNI space, with the truth beside each."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np

from vb_desktop.pipeline.atomic import atomic_path, write_text
from vb_desktop.pipeline.case import CLASSES, Array
from vb_desktop.pipeline.cohort import synthetic_parameters as given
from vb_desktop.pipeline.cohort.synthetic_acquisition import acquire
from vb_desktop.pipeline.cohort.synthetic_anatomy import draw_anatomy, template_anatomy
from vb_desktop.pipeline.cohort.synthetic_files import MARKER, TABLE
from vb_desktop.pipeline.cohort.synthetic_lesion import LesionPlan, choose, cut_around, grow, paint, plan_lesion
from vb_desktop.pipeline.errors import CohortError
from vb_desktop.pipeline.follow_parent import follow_parent
from vb_desktop.pipeline.mri_processor.template import template
from vb_desktop.pipeline.training.synthetic_tumour import uniform

DESCRIPTION = b"SYNTHETIC Virtual Biopsy cohort"
"""In the header of every file: whatever is made of it says that it was drawn."""
_SURROUNDINGS_MM = 22.0
_COLUMNS = ("case", "patient", "path", "label", "age", "sex", "input_space", "truth")


@dataclass(frozen=True, slots=True, eq=False)
class SyntheticPatient:
    """One case on the template's grid.

    Attributes:
        name: of the case.
        label: class.
        scan: int16 (I, J, K), the brain as after skull stripping and registration; 0 outside.
        tumour: uint8, 1 inside the lesions (necrosis and cysts too, oedema not).
        truth: class, entity, signs and everything that was drawn; JSON.
        displacement: float32 (3, ...), the warp on the coarse grid, in its voxels.
    """

    name: str
    label: str
    scan: Array
    tumour: Array
    truth: dict[str, Any]
    displacement: Array


def parameters_hash() -> str:
    """Sha256 of the file of parameters: says which fixed set a cohort was drawn from."""
    source = Path(given.__file__).read_bytes().replace(b"\r\n", b"\n")
    return hashlib.sha256(source).hexdigest()


def labels_of(n: int, seed: int) -> list[str]:
    """The class of each case: shares as in `SHARES`, rounded by largest remainder, in random order."""
    shares = np.array([given.SHARES[label] for label in CLASSES]) * n
    counts = np.floor(shares).astype(int)
    for label in np.argsort(counts - shares, kind="stable")[: n - int(counts.sum())]:
        counts[label] += 1
    labels = [label for label, count in zip(CLASSES, counts, strict=True) for _ in range(int(count))]
    return [labels[index] for index in np.random.default_rng([seed, n]).permutation(n)]


def draw_patient(number: int, n: int, seed: int) -> SyntheticPatient:
    """Draw one patient of a cohort; the same numbers give the same patient."""
    label = labels_of(n, seed)[number]
    rng = np.random.default_rng([seed, n, number])
    entity: given.Entity = choose(rng, tuple((entity, entity.share) for entity in given.ENTITIES[label]))
    sex = "M" if rng.uniform() < entity.male else "F"
    age = _age(rng, entity)
    plans = [plan_lesion(rng, entity, entity.places)]
    if rng.uniform() < entity.second:
        other = plan_lesion(rng, entity, entity.second_places, uniform(rng, given.SATELLITE))
        apart = float(np.linalg.norm(np.subtract(other.centre_mm, plans[0].centre_mm)))
        if apart > plans[0].radius_mm + other.radius_mm + 6:
            plans.append(other)
    hydrocephalus = rng.uniform() < entity.hydrocephalus
    masses = [(np.asarray(plan.centre_mm), plan.radius_mm, plan.push_mm) for plan in plans]
    anatomy = draw_anatomy(rng, age, bool(hydrocephalus), masses)
    image, brain, tumour = anatomy.image.copy(), anatomy.brain.copy(), np.zeros(anatomy.brain.shape, np.uint8)
    lesions = []
    for plan in plans:
        cut = cut_around(plan, _SURROUNDINGS_MM)
        level = grow(rng, entity, plan, anatomy, cut)
        image[cut], signs = paint(rng, entity, plan, anatomy, image[cut], level, cut)
        inside = level < 0
        brain[cut] |= inside
        tumour[cut] |= inside.astype(np.uint8)
        lesions.append(_told(plan, signs, inside))
    scan, acquisition = acquire(rng, image, brain)
    name = f"sim-{number:04d}"
    truth = {
        "case": name, "class": label, "entity": entity.name, "age": age, "sex": sex, "lesions": lesions,
        "hydrocephalus": bool(hydrocephalus), "acquisition": acquisition,
        "volume_ml": round(float(tumour.sum()) / 1000, 2), "cohort": {"n": n, "seed": seed, "number": number},
        "parameters_sha256": parameters_hash(), "synthetic": True,
    }  # fmt: skip
    return SyntheticPatient(
        name, label, _on_template(scan), _on_template(tumour), _rounded(truth), anatomy.displacement
    )  # fmt: skip


def synthesize(
    out: Path, n: int, seed: int, *, jobs: int = 1, numbers: Sequence[int] | None = None, whole_heads: int = 0,
    on_case: Callable[[int, int], None] = lambda done, of: None,
) -> None:  # fmt: skip
    """Write a cohort: CLASS/PATIENT/{t1ce.nii.gz, seg.nii.gz, truth.json}, a table and the marker at its root.

    What is there already and complete is kept, so that an interrupted run goes on.

    Args:
        out: folder.
        n: number of patients of the cohort.
        seed: of the cohort.
        jobs: processes; the files are the same whatever it is.
        numbers: which of the n patients; all where None.
        whole_heads: of so many patients a native whole head is written too.
        on_case: told how many of how many are done.
    """
    chosen = list(range(n)) if numbers is None else list(numbers)
    out.mkdir(parents=True, exist_ok=True)
    marker = {"synthetic": True, "n": n, "seed": seed, "parameters_sha256": parameters_hash(), "space": "mni"}
    write_text(out / MARKER, json.dumps(marker, indent=1))
    write = partial(write_patient, out, n=n, seed=seed, whole_heads=whole_heads)
    rows = []
    if jobs == 1:
        for done, row in enumerate(map(write, chosen), start=1):
            rows.append(row)
            on_case(done, len(chosen))
    else:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=follow_parent) as pool:
            for done, row in enumerate(pool.map(write, chosen), start=1):
                rows.append(row)
                on_case(done, len(chosen))
    table = io.StringIO()
    writer = csv.DictWriter(table, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_text(out / TABLE, table.getvalue())


def refuse_other_content(out: Path, n: int, seed: int) -> None:
    """See to it that a folder is new, or holds this very cohort.

    Raises:
        CohortError: it holds something else.
    """
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    try:
        marker = json.loads((out / MARKER).read_text(encoding="utf-8"))
        of = marker["n"], marker["seed"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CohortError("cohort.not_empty", folder=str(out)) from error
    if of != (n, seed):
        raise CohortError("cohort.other_cohort", folder=str(out), n=of[0], seed=of[1])


def write_patient(out: Path, number: int, *, n: int, seed: int, whole_heads: int = 0) -> dict[str, Any]:
    """Draw and write one patient, unless it lies there; returns its row of the table."""
    label, name = labels_of(n, seed)[number], f"sim-{number:04d}"
    folder = out / label / name
    done = folder / "truth.json"
    truth = json.loads(done.read_text(encoding="utf-8")) if done.is_file() else {}
    of = {"n": n, "seed": seed, "number": number}
    head = folder / "head.nii.gz"
    wants_head = number < whole_heads and not head.is_file()
    if truth.get("cohort") != of or truth.get("parameters_sha256") != parameters_hash() or wants_head:
        patient = draw_patient(number, n, seed)
        folder.mkdir(parents=True, exist_ok=True)
        if wants_head:
            from vb_desktop.pipeline.cohort.whole_head import write_head

            write_head(head, patient, seed)
        write_volume(folder / "t1ce.nii.gz", patient.scan)
        write_volume(folder / "seg.nii.gz", patient.tumour)
        write_text(done, json.dumps(patient.truth, indent=1))
        truth = patient.truth
    place = f"{label}/{name}"
    return {
        "case": name, "patient": name, "path": f"{place}/t1ce.nii.gz", "label": label, "age": truth["age"],
        "sex": truth["sex"], "input_space": "mni", "truth": f"{place}/seg.nii.gz",
    }  # fmt: skip


def write_volume(path: Path, voxels: Array, affine: Array | None = None) -> None:
    """A NIfTI file whose bytes depend on the voxels alone."""
    image = nib.Nifti1Image(voxels, template().affine if affine is None else affine)
    image.header.set_xyzt_units("mm")
    image.header["descrip"] = DESCRIPTION
    with atomic_path(path) as temporary:
        nib.save(image, temporary)


def _age(rng: np.random.Generator, entity: given.Entity) -> float:
    """Years, normal, drawn again until it lies within the ages of the cohort."""
    while True:
        age = rng.normal(*entity.age)
        if given.AGES[0] <= age <= given.AGES[1]:
            return round(float(age), 1)


def _told(plan: LesionPlan, signs: dict[str, Any], inside: Array) -> dict[str, Any]:
    place = next(name for name, value in vars(given).items() if value is plan.place)
    return {
        "place": place.lower().replace("_", " "), "centre_mm": list(plan.centre_mm), "push_mm": plan.push_mm,
        "volume_ml": float(inside.sum()) / 1000, **signs,
    }  # fmt: skip


def _on_template(voxels: Array) -> Array:
    base = template_anatomy()
    whole = np.zeros(template().voxels.shape, voxels.dtype)
    whole[tuple(slice(s, s + n) for s, n in zip(base.start, base.shape, strict=True))] = voxels
    return whole


def _rounded(value: Any) -> Any:
    """Four significant digits are enough to read, and the last bits of a machine's arithmetic stay out."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list) else value
