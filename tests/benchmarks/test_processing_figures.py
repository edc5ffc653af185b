"""The benchmark's arithmetic: what is summed, and that a miss is called a miss."""

from __future__ import annotations

from typing import Any

import pytest

from tests.benchmarks.processing.criteria import criteria
from tests.benchmarks.processing.figures import CaseFigures, OursFigures, stage_means, total_ratio


def cost(seconds: float) -> dict[str, Any]:
    return {"wall": seconds, "cpu": 2 * seconds, "load": [0.0, 1.0]}


def ours(costs: dict[str, Any], identical: bool = True) -> OursFigures:
    return OursFigures(costs, {"mask": identical}, peak_mb=2000.0, chain_peak_mb=3000.0, runs=3)


def head(reference: float, seconds: float, dice: float = 0.99, identical: bool = True) -> CaseFigures:
    return CaseFigures(
        "head",
        {"skull_stripping": cost(reference)},
        {"default": ours({"skull_stripping": cost(seconds)}, identical)},
        {"default": {"dice": dice, "template_overlap": 0.975}},
    )


def tumour(warp: dict[str, Any] | None = None) -> CaseFigures:
    stages = ("bias_field", "registration", "resampling")
    good = {
        "overlap": 0.98,
        "information": 0.15,
        "information_whole": 0.15,
        "tumour_ratio": {"core": 0.95, "whole": 0.95},
        "folded": 0,
    }
    quality = {"reference": good, "ours": good | (warp or {}), "displacement_mm": {"median": 1.5, "p95": 4.0}}
    return CaseFigures(
        "tumour",
        {stage: cost(50.0) for stage in stages},
        {"default": ours({stage: cost(2.0) for stage in stages})},
        {"default": quality},
    )


def missed(figures: dict[str, CaseFigures]) -> dict[str, str]:
    return {each.name: each.worst for each in criteria(figures) if not each.met}


def test_the_total_is_the_sum_of_the_stages_means():
    figures = {"a": head(100.0, 4.0), "b": head(300.0, 8.0), "t": tumour()}
    total = total_ratio(stage_means(figures, "default"))
    assert total.reference["wall"] == pytest.approx(200 + 3 * 50)
    assert total.ours["wall"] == pytest.approx(6 + 3 * 2)
    assert not missed(figures)


def test_too_slow_by_the_clock_and_in_cpu_seconds_are_both_said():
    names = list(missed({"a": head(100.0, 60.0), "t": tumour()}))
    assert names == [
        "faster, sum of the stages' means, by the clock",
        "faster, sum of the stages' means, in CPU seconds",
    ]


def test_one_bad_case_among_good_ones_is_a_miss_and_is_named():
    found = missed({"good": head(300.0, 4.0), "bad": head(300.0, 4.0, dice=0.98), "t": tumour()})
    assert found == {"brain mask against the reference's, Dice": "0.98; missed by bad"}


@pytest.mark.parametrize(
    ("warp", "name"),
    [
        ({"overlap": 0.969}, "brain mask on the template, tumour cases, Dice"),
        ({"information": 0.134}, "mutual information of the reference's, without tumour"),
        ({"tumour_ratio": {"core": 0.89, "whole": 0.95}}, "tumour after the warp against the affine's scaling, core"),
        ({"tumour_ratio": {"core": 0.95, "whole": 1.11}}, "tumour after the warp against the affine's scaling, whole"),
        ({"folded": 1}, "folded points in the brain"),
    ],
)
def test_each_demand_on_the_warp_can_be_missed(warp: dict[str, Any], name: str):
    assert list(missed({"a": head(300.0, 4.0), "t": tumour(warp)})) == [name]


def test_a_result_that_changes_from_run_to_run_is_a_miss():
    assert missed({"a": head(300.0, 4.0, identical=False), "t": tumour()}) == {"repeatability": "a (mask)"}
