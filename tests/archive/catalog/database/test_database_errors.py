"""Whose an error is: one call's, or the database's."""

import sqlite3

import pytest
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError

from archive.catalog.database.database_errors import is_away, is_collision, words
from archive.errors import ArchiveError, KeyUnavailable


class Answer(Exception):
    """What a server answers, by its SQLSTATE; without one the driver says it."""

    def __init__(self, state: str | None = None) -> None:
        super().__init__("first line\nDETAIL: Key (raw)=(+81312347788)")
        self.sqlstate = state


def of_server(state: str | None) -> DBAPIError:
    return OperationalError("", {}, Answer(state))


@pytest.mark.parametrize(
    ("failed", "expected"),
    [
        (KeyUnavailable("away"), True),
        (ArchiveError("refused"), False),
        (KeyError("a mistake"), False),
        (OperationalError("", {}, sqlite3.OperationalError("database is locked")), True),
        (IntegrityError("", {}, sqlite3.IntegrityError()), False),
        (of_server(None), True),  # no connection
        (of_server("57P01"), True),  # the administrator ends it
        (of_server("57014"), True),  # it took too long
        (of_server("53100"), True),  # its disk is full
        (of_server("25006"), True),  # read only
        (of_server("54000"), False),  # longer than an index takes
        (of_server("22021"), False),  # no character
    ],
)
def test_what_fails_for_everybody_is_not_one_calls_fault(failed: Exception, expected: bool) -> None:
    """Otherwise an hour without a server would be told as so many odd calls, each tried alone."""
    assert is_away(failed) is expected


def test_what_a_driver_refuses_itself_is_one_calls_fault() -> None:
    """psycopg refuses a NUL before it asks the server, without a code."""
    assert not is_away(DataError("", {}, Answer()))


@pytest.mark.parametrize(
    ("state", "expected"), [("40P01", True), ("23505", True), ("22021", False)]
)
def test_what_two_did_at_once_is_worth_a_second_try(state: str, expected: bool) -> None:
    """A deadlock, and a row that somebody else has written meanwhile."""
    assert is_collision(of_server(state)) is expected


def test_words_are_one_line_without_values() -> None:
    """They stand in logs and alarms, and values are numbers and names."""
    assert words(of_server("23505")) == "first line"
    assert words(KeyError("+81312347788")) == "KeyError"
    assert words(ArchiveError("part 3")) == "part 3"
