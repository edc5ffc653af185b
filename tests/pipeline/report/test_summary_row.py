"""A case in one row."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from report_cases import gate

from vb_desktop.pipeline.case import Identity
from vb_desktop.pipeline.case_folder import Case
from vb_desktop.pipeline.report.summary_row import COLUMNS, summary_row


def test_a_finished_case_has_class_size_and_side(make_case: Callable[..., Case]) -> None:
    row = summary_row(make_case())
    assert tuple(row) == COLUMNS
    assert (row["class"], row["probability"], row["set90"], row["abstains"]) == ("pcnsl", 0.6832, "pcnsl, glioma", True)
    assert row["volume_ml"] == pytest.approx(10.4, abs=0.3)
    assert row["side"] == "right"
    assert row["amber_gates"] == "registration"


@pytest.mark.parametrize("status", ["withheld", "no_tumour_found", "partial"])
def test_no_class_where_there_is_none_to_show(make_case: Callable[..., Case], status: str) -> None:
    row = summary_row(make_case(status=status, gates=[gate("registration", "red")]))
    assert row["class"] == "" and row["probability"] == "" and row["set90"] == ""
    assert row["red_gates"] == "registration"


def test_nobody_is_named_in_it(make_case: Callable[..., Case]) -> None:
    row = summary_row(make_case(identity=Identity(name="Doe^Jane", patient_id="MRN-004711")))
    assert "Doe" not in str(row) and "004711" not in str(row)
