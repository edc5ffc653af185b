"""Every sentence that the code names exists, every refusal has a next step, and none is left over."""

from __future__ import annotations

import re
from pathlib import Path

from vb_desktop.pipeline import scan_import
from vb_desktop.pipeline.messages.scan_import import SENTENCES

SOURCE = Path(scan_import.__file__).parent
REMARKS = {
    "axis_names_disagree", "copies_left_out", "distance_disagrees", "far_off", "fewer_than_announced",
    "files_damaged", "files_missing", "files_unknown", "filled", "form_unusable", "forms_disagree",
    "forms_disagree_on_side", "gap", "lossy", "more_data", "name_undecoded", "no_contrast_recorded", "no_origin",
    "no_thumbnail", "proposed", "proposed_file", "proposed_irregular", "proposed_none_usable", "proposed_only",
    "proposed_studies", "proposed_unclear", "repeats_left_out", "series_proposed_taken", "series_taken",
    "slices_left_out", "thick_slices", "tilt_removed", "units", "units_unknown", "voxel_size_disagrees",
}  # fmt: skip


def named() -> set[str]:
    files = [*SOURCE.glob("*.py"), SOURCE.parent / "fingerprints.py"]
    return {id_ for file in files for id_ in re.findall(r'"(scan_import\.\w+)"', file.read_text(encoding="utf-8"))}


def test_every_id_has_its_sentence_and_no_sentence_is_left_over():
    assert named() == {id_ for id_ in SENTENCES if not id_.endswith(".advice")}


def test_every_refusal_has_a_next_step():
    refusals = {id_ for id_ in named() if id_.removeprefix("scan_import.") not in REMARKS and ".reason_" not in id_}
    assert {f"{id_}.advice" for id_ in refusals} == {id_ for id_ in SENTENCES if id_.endswith(".advice")}


def test_sentences_end_as_sentences():
    assert [id_ for id_, sentence in SENTENCES.items() if not sentence.endswith(".")] == []
