"""How well the classes of a synthetic cohort can be told apart when every drawn sign is known without error.

    python -m tests.benchmarks.signs_ceiling COHORT [SEEDS]

COHORT is a folder of `cohort synthesize`. Extra trees are asked out of fold (5 folds, SEEDS splits, 5 where not given)
from what the generator drew: place, volume, pattern of enhancement, push, oedema, calcification, haemorrhage,
hydrocephalus and number of lesions, once without and once with age and sex. Signs overlap between the classes as they
do in patients, and the cases are few: what the trees reach bounds what a network that has to see the signs can be
expected to reach on the same cases. It is no strict limit: texture and brightness are no drawn signs of this list.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.model_selection import StratifiedKFold, cross_val_predict

PATTERNS = ("ring", "solid", "patchy", "none", "nodule", "multicystic")
TREES = 500


def main() -> None:
    """Print accuracies, and the share told right of each entity."""
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    truths = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(Path(sys.argv[1]).rglob("truth.json"))]
    seeds = int(sys.argv[2]) if len(sys.argv) == 3 else 5
    wanted = np.array([truth["class"] for truth in truths])
    entities = np.array([truth["entity"] for truth in truths])
    for named, with_age in (("signs", False), ("signs, age and sex", True)):
        signs = np.array([signs_of(truth, with_age) for truth in truths], dtype=float)
        right = np.array([_right(signs, wanted, seed) for seed in range(seeds)])
        means = right.mean(axis=1)
        print(
            f"{named}: accuracy {means.mean():.3f} (splits {means.min():.3f} to {means.max():.3f}), n = {len(wanted)}"
        )
        shares: dict[str, list[float]] = defaultdict(list)
        for entity, value in zip(entities, right.mean(axis=0), strict=True):
            shares[str(entity)].append(float(value))
        for entity, values in sorted(shares.items(), key=lambda item: np.mean(item[1])):
            print(f"    {np.mean(values):.2f}  n = {len(values):3d}  {entity}")


def signs_of(truth: dict[str, Any], with_age: bool) -> list[float]:
    """The drawn signs of a case as numbers; the first lesion is the main one."""
    lesion = truth["lesions"][0]
    x, y, z = lesion["centre_mm"]
    found = [abs(x), y, z, np.log(truth["volume_ml"]), lesion["push_mm"], lesion["oedema_mm"]]
    found += [lesion["calcified"], lesion["haemorrhage"], truth["hydrocephalus"], len(truth["lesions"])]
    found += [lesion["pattern"] == pattern for pattern in PATTERNS]
    return [float(value) for value in found] + ([truth["age"], float(truth["sex"] == "M")] if with_age else [])


def _right(signs: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any], seed: int) -> np.ndarray[Any, Any]:
    trees = ExtraTreesClassifier(TREES, random_state=seed)
    split = StratifiedKFold(5, shuffle=True, random_state=seed)
    return np.asarray(cross_val_predict(trees, signs, wanted, cv=split) == wanted)


if __name__ == "__main__":
    main()
