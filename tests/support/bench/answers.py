"""What tests of answers share."""

from bench.answers import AnswerFigures
from bench.filled_catalog import Filled
from bench.questions import Pages, Ran, Waited
from bench.result_pages import Shown


def waited(name: str, ms: float) -> Waited:
    """One answer."""
    return Waited(name=name, times_ms=[ms])


def figures(
    by_id_ms: float,
    scarce_ms: float,
    command_ms: float,
    shown_ms: float = 60.0,
    within_ms: float = 100.0,
) -> AnswerFigures:
    """Of a catalog of two calls."""
    found = AnswerFigures(
        command=["bench", "-x"],
        machine={},
        filled=Filled(calls=2, rows={"recording": 2, "leg": 4}, size_bytes=12_600),
    )
    found.by_id = [waited("GET /calls/{id}", by_id_ms)]
    found.pages = [
        Pages(
            name="time",
            full=waited("search", 20.0),
            found=50,
            scarce=waited("search", scarce_ms),
            found_scarce=3,
        )
    ]
    found.shown = [
        Shown(name="a day", answered=waited("a day", 10.0), shown=waited("a day", shown_ms))
    ]
    found.within = [waited("a year, within a team", within_ms)]
    found.commands = [Ran(waited=waited("rokuon calls show", command_ms), cpu_ms=[400.0])]
    return found
