from __future__ import annotations

import pytest

from vb_desktop.pipeline.cohort.labels import age_of, class_of, sex_of


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Glioma", "glioma"), ("1_Gliomas (n = 105)", "glioma"), ("GBM", "glioma"), ("PCNSL", "pcnsl"),
        ("Primary CNS lymphoma", "pcnsl"), ("germinoma", "germinoma"), ("Rare", "other"), ("OTHERS", "other"),
        ("rare-tumors", "other"), ("罕见肿瘤", "other"), ("胶质瘤", "glioma"), ("rare glioma", "glioma"),
        ("non-glioma", None), ("glioma vs PCNSL", None), ("glioma or lymphoma", None), ("meningioma", None),
        ("3", None), ("", None),
    ],
)  # fmt: skip
def test_what_a_label_means(text: str, label: str | None) -> None:
    assert class_of(text) == label


@pytest.mark.parametrize(
    ("text", "age"),
    [("34", 34), ("034Y", 34), ("34,5 years", 34.5), (61, 61), ("n/a", None), ("-3", None), ("412", None)],
)
def test_ages(text: object, age: float | None) -> None:
    assert age_of(text) == age


def test_sexes() -> None:
    assert [sex_of(text) for text in ("M", "female", "女", "0", None)] == ["M", "F", "F", None, None]
