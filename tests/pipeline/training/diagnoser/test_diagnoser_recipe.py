import pytest

from vb_desktop.pipeline.adaptive_diagnoser.input_grid import InputGrid
from vb_desktop.pipeline.errors import ConfigError
from vb_desktop.pipeline.training.diagnoser.learning_rate import learning_rate_share
from vb_desktop.pipeline.training.diagnoser.recipe import PRESETS, DiagnoserRecipe, grid_of


def test_the_papers_recipe_leaves_the_paper_nowhere_and_others_say_where() -> None:
    assert PRESETS["paper"].deviations() == []
    told = PRESETS["laptop"].deviations()
    assert "learning_rate: 0.002 (paper: 5e-05)" in told and any(line.startswith("backbone_options") for line in told)
    assert not any(line.startswith("restart_epochs") for line in told), "unused by one cycle"


def test_the_grid_covers_the_brains_box_symmetrically_at_any_spacing() -> None:
    assert grid_of(2.0) == InputGrid()
    assert grid_of(4.0) == InputGrid(shape=(48, 48, 40), spacing_mm=4.0, origin_mm=(-94.0, -111.0, -73.0))
    for spacing in (1.0, 3.0, 6.0, 8.0):
        grid = grid_of(spacing)
        assert grid.shape[0] == grid.shape[1] and grid.is_symmetric


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("epochs", "50", 50),
        ("learning_rate", "1", 1.0),
        ("schedule", "one-cycle", "one-cycle"),
        ("mca", "false", False),
        ("backbone", "vit3d", "vit3d"),
        ("backbone_options", "{growth_rate = 8}", {"growth_rate": 8}),
    ],
)
def test_every_value_can_be_changed_as_text(key: str, value: str, expected: object) -> None:
    assert getattr(DiagnoserRecipe().changed({key: value}), key) == expected


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("epoch", "5"),
        ("epochs", "0"),
        ("epochs", "1.5"),
        ("epochs", "true"),
        ("schedule", "linear"),
        ("mirror", "2"),
        ("learning_rate", "-1"),
        ("localization", "none"),
        ("spacing_mm", "0"),
    ],
)
def test_a_wrong_value_is_one_sentence(key: str, value: str) -> None:
    with pytest.raises(ConfigError) as raised:
        DiagnoserRecipe().changed({key: value})
    assert key in raised.value.sentence() or key == "localization"


def test_the_learning_rate_restarts_or_rises_and_falls_once() -> None:
    paper = DiagnoserRecipe()
    assert learning_rate_share(paper, 0) == learning_rate_share(paper, 10) == 1.0
    assert learning_rate_share(paper, 5) == pytest.approx(0.5)
    once = PRESETS["laptop"]
    top = once.rise * once.epochs
    assert learning_rate_share(once, 0) == pytest.approx(0.04)
    assert learning_rate_share(once, top) == pytest.approx(1.0)
    assert learning_rate_share(once, once.epochs) == pytest.approx(0.0)
