from __future__ import annotations

import os
from pathlib import Path

import openpyxl
import pytest
from cohort_files import empty

from vb_desktop.pipeline.cohort.read_cohort import read_cohort, understand
from vb_desktop.pipeline.cohort.table import read_table
from vb_desktop.pipeline.errors import CohortError


def of(folder: Path) -> list[tuple[str, str, str]]:
    """Label, patient, place of each case."""
    cases = read_cohort(folder).cases
    return sorted((c.label, c.patient, c.scan.relative_to(folder.resolve()).as_posix()) for c in cases)


def test_class_folders_as_deepsite_mri_has_them(tmp_path: Path) -> None:
    for place in ("Glioma/p1/t1ce.nii.gz", "PCNSL/p2/x.nii", "Germinoma/p3.nii.gz", "Rare/p4_t1ce.nii.gz"):
        empty(tmp_path / place)
    empty(tmp_path / "Glioma/p1/seg.nii.gz")
    empty(tmp_path / "Glioma/p1/flair.nii.gz")
    empty(tmp_path / "Glioma/.hidden/x.nii.gz")
    assert of(tmp_path) == [
        ("germinoma", "p3", "Germinoma/p3.nii.gz"),
        ("glioma", "p1", "Glioma/p1/t1ce.nii.gz"),
        ("other", "p4", "Rare/p4_t1ce.nii.gz"),
        ("pcnsl", "p2", "PCNSL/p2/x.nii"),
    ]


def test_a_table_beside_class_folders_gives_ages_and_a_damaged_one_does_not_matter(tmp_path: Path) -> None:
    empty(tmp_path / "glioma/p1/t1ce.nii.gz")
    (tmp_path / "people.csv").write_text("patient,age,sex\np1,34,F\n")
    (tmp_path / "other.csv").write_text("id,label\nq9,glioma\n")
    (tmp_path / "broken.xlsx").write_bytes(b"no spreadsheet")
    found = understand(tmp_path)
    assert [(c.patient, c.age, c.sex) for c in found.cases] == [("p1", 34, "F")]
    assert (found.layout, found.errors) == ("class folders", [])
    assert [remark.id for remark in found.remarks] == ["cohort.table_unreadable"]


def test_several_scans_of_a_patient_and_dicom_folders(tmp_path: Path) -> None:
    for place in ("glioma/p1/ses-1/t1ce.nii.gz", "glioma/p1/ses-2/t1ce.nii.gz", "glioma/p2_ses-1_t1ce.nii.gz",
                  "glioma/p2_ses-2_t1ce.nii.gz", "pcnsl/p3/series/0001.dcm", "pcnsl/p3/series/0002.dcm"):  # fmt: skip
        empty(tmp_path / place)
    cohort = read_cohort(tmp_path)
    assert {patient: len(cases) for patient, cases in cohort.patients.items()} == {"p1": 2, "p2": 2, "p3": 1}
    assert len({case.name for case in cohort.cases}) == 5
    assert next(case.scan.name for case in cohort.cases if case.patient == "p3") == "series"


def test_a_table_with_paths(tmp_path: Path) -> None:
    for name in ("a", "b"):
        empty(tmp_path / f"scans/{name}.nii.gz")
    (tmp_path / "list.csv").write_text(
        "Patient ID;Image;Diagnosis;Age;Gender;input_space\n"
        "p1;scans\\a.nii.gz;Glioblastoma;34;m;mni\np2;scans/b.nii.gz;DLBCL;;F;\n",
        encoding="utf-16",
    )
    cases = read_cohort(tmp_path).cases
    assert [(c.patient, c.label, c.age, c.sex, c.input_space) for c in cases] == [
        ("p1", "glioma", 34, "M", "mni"),
        ("p2", "pcnsl", None, "F", "native"),
    ]


def test_a_spreadsheet_that_names_patients_only(tmp_path: Path) -> None:
    empty(tmp_path / "images/0007/t1c.nii.gz")
    empty(tmp_path / "images/0007/t2.nii.gz")
    empty(tmp_path / "images/0008_t1ce.nii.gz")
    book = openpyxl.Workbook()
    for row in (["ID", "病理", "年龄"], ["0007", "生殖细胞瘤", 14], ["0008", "Rare", 51.0]):
        book.active.append(row)
    book.save(tmp_path / "patients.xlsx")
    assert of(tmp_path) == [
        ("germinoma", "0007", "images/0007/t1c.nii.gz"), ("other", "0008", "images/0008_t1ce.nii.gz")
    ]  # fmt: skip


def test_bids(tmp_path: Path) -> None:
    (tmp_path / "participants.tsv").write_text(
        "participant_id\tage\tsex\tdiagnosis\nsub-01\t50\tM\tglioma\nsub-02\t20\tF\tgerminoma\n"
    )
    for name in ("sub-01/anat/sub-01_T1w", "sub-01/anat/sub-01_ce-gad_T1w", "sub-01/anat/sub-01_T2w",
                 "sub-02/ses-a/anat/sub-02_ses-a_space-MNI152NLin2009aSym_T1w"):  # fmt: skip
        empty(tmp_path / f"{name}.nii.gz")
    cases = read_cohort(tmp_path).cases
    assert [(c.scan.name, c.input_space, c.age) for c in cases] == [
        ("sub-01_ce-gad_T1w.nii.gz", "native", 50),
        ("sub-02_ses-a_space-MNI152NLin2009aSym_T1w.nii.gz", "mni", 20),
    ]


@pytest.mark.parametrize("path", ["../out.nii.gz", "{absolute}", "link/out.nii.gz", "link.nii.gz"])
def test_files_outside_the_folder_are_refused(tmp_path: Path, path: str) -> None:
    outside = empty(tmp_path / "else/out.nii.gz")
    folder = tmp_path / "cohort"
    folder.mkdir()
    os.symlink(outside.parent, folder / "link")
    os.symlink(outside, folder / "link.nii.gz")
    (folder / "c.csv").write_text(f"path,label\n{path.format(absolute=outside)},glioma\n")
    with pytest.raises(CohortError, match=r"outside the cohort's folder"):
        read_cohort(folder)


def test_what_can_not_be_used_is_said(tmp_path: Path) -> None:
    for name in "abc":
        empty(tmp_path / f"{name}.nii.gz")
    (tmp_path / "c.csv").write_text(
        "path,label,age\na.nii.gz,glioma,old\nb.nii.gz,meningioma,3\nc.nii.gz,,4\nd.nii,rare,5\n"
    )
    found = understand(tmp_path)
    assert [error.id for error in found.errors] == ["cohort.label_unknown", "cohort.label_missing"]
    assert [remark.id for remark in found.remarks] == ["cohort.file_missing", "cohort.ages_unread"]
    with pytest.raises(CohortError, match="meningioma of 1 cases is none of"):
        read_cohort(tmp_path)


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx"])
def test_a_table_that_is_none(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    with pytest.raises(CohortError, match="can't be read"):
        read_table(tmp_path / name)


def test_no_cohort(tmp_path: Path) -> None:
    empty(tmp_path / "meningioma/p1/t1ce.nii.gz")
    with pytest.raises(CohortError, match="no cohort that can be understood"):
        read_cohort(tmp_path)
    with pytest.raises(CohortError, match="no folder"):
        read_cohort(tmp_path / "nowhere")
