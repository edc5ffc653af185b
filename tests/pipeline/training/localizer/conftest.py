"""The processed cases of the evaluation's tests."""

from tests.pipeline.evaluation.conftest import make_cases

__all__ = ["make_cases"]
