"""Which error leads to which exit code."""

import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from archive.errors import KeyRefused, KeyUnavailable, SegmentDamaged
from capture.errors import CertificatesUnusable
from rokuon.cli.terminal.exits import Exit, code_for, guarded, text_for
from rokuon.config.config_problems import ConfigProblem, ConfigRefused
from rokuon.messages.errors import NotReady


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyRefused("destroyed"), Exit.NOT_PERMITTED),
        (PermissionError("x"), Exit.NOT_PERMITTED),
        (KeyUnavailable("no daemon"), Exit.ERROR),
        (SegmentDamaged(3), Exit.ERROR),
        (NotReady("x"), Exit.ERROR),
        (CertificatesUnusable("a.pem: no such file"), Exit.ERROR),
        (FileNotFoundError("x"), Exit.ERROR),
        (OperationalError("SELECT 1", {}, sqlite3.OperationalError("no way")), Exit.ERROR),
    ],
)
def test_a_named_error_becomes_a_message_and_a_code(
    error: Exception, code: Exit, capsys: pytest.CaptureFixture[str]
) -> None:
    """A script tells `not permitted` from `broken`; a person reads no traceback."""

    def fail() -> None:
        raise error

    assert code_for(error) is code
    assert guarded(fail) == code
    assert capsys.readouterr().err.startswith("error: ")


def test_a_catalog_that_does_not_answer_is_one_line_with_what_to_do() -> None:
    """Its 157 lines of traceback said neither."""
    said = text_for(OperationalError("SELECT 1", {}, sqlite3.OperationalError("no way\nmore")))

    assert said.startswith("error: the catalog's database does not answer (no way)")
    assert "rokuon config show" in said
    assert "\n" not in said
    assert "SELECT" not in said


def test_an_error_is_a_sentence() -> None:
    """Whoever reads it has not read our source."""
    assert text_for(KeyUnavailable("no daemon")) == "error: the keys cannot be had: no daemon"


def test_a_refused_configuration_is_shown_with_its_places() -> None:
    """Whatever command stumbled over it."""
    problem = ConfigProblem(code="CFG-104", path=("a",), message="no", help="yes")

    assert text_for(ConfigRefused("a.toml", "x", (problem,))).startswith("a.toml:1:1: ")


def test_a_bug_of_ours_is_not_covered_up() -> None:
    """It keeps its traceback."""

    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        guarded(fail)


@pytest.mark.parametrize(("raised", "code"), [(3, 3), (None, 0)])
def test_the_code_of_a_command_is_kept(raised: int | None, code: int) -> None:
    """3 stays 3."""

    def end() -> None:
        raise SystemExit(raised)

    assert guarded(end) == code
