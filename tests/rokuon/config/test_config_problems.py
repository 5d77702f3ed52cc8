"""How a problem of the configuration is shown."""

from rokuon.config.config_problems import ConfigProblem, ConfigRefused
from rokuon.config.positions import Position


def test_a_problem_shows_file_line_column_the_line_and_a_caret() -> None:
    """An editor can jump to it, and a person sees what is meant."""
    problem = ConfigProblem(
        code="CFG-104",
        path=("source", 1, "zone"),
        message="no",
        help="yes",
        position=Position(2, 8, 3),
    )

    assert ConfigRefused("a.toml", "x\n\tzone = 'Z'\n", (problem,)).render().splitlines() == [
        "a.toml:2:8: error CFG-104 source[1].zone: no",
        "  2 | \tzone = 'Z'",
        "    | \t      ^^^",
        "  help: yes",
    ]


def test_the_text_of_the_error_itself_quotes_nothing() -> None:
    """It may be logged, and the line may hold a number."""
    problem = ConfigProblem(code="CFG-104", path=(), message="no", help="yes")

    assert "312345678" not in str(ConfigRefused("a.toml", "0312345678", (problem,)))
