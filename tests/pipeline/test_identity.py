import pytest

from vb_desktop.pipeline.case import Identity


@pytest.mark.parametrize(("age", "years"), [("57", 57.0), ("4Y", 4.0), (" 86y ", 86.0), ("", None), ("adult", None)])
def test_age_in_years_where_it_is_a_number(age: str, years: float | None) -> None:
    assert Identity(age=age).years == years
