"""No number and no name in a log line."""

import io
import json
import logging
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
import structlog

from rokuon.machine import logs


@pytest.fixture
def logging_afterwards() -> Iterator[None]:
    """What a test configures is taken back."""
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logging.basicConfig(level=logging.WARNING, handlers=[], force=True)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("call from 0312345678", "call from ***"),
        ("+81312345678", "+***"),
        ("０３１２３４５", "***"),
        ("sip:tanaka@pbx.example;user=phone", "sip:***@pbx.example;user=phone"),
        ("<sips:+81312345678@10.0.0.1:5061>", "<sips:***@10.0.0.1:5061>"),
        ("port 5060, 1234 ok", "port 5060, 1234 ok"),
        ("part 0190cafe0190123456789012345678ab-p00", "part 0190cafe0190123456789012345678ab-p00"),
    ],
)
def test_runs_of_digits_and_sip_users_are_masked_and_ids_stay(text: str, shown: str) -> None:
    """Logs are kept longer than calls and are read by more people."""
    assert logs.masked(text) == shown


@pytest.mark.usefixtures("logging_afterwards")
def test_a_log_line_is_json_with_every_value_masked(capsys: pytest.CaptureFixture[str]) -> None:
    """Nested values and exceptions included; counts and ports are not numbers of anybody."""
    logs.configure("keeper")
    structlog.get_logger().info(
        "seen",
        peer="sip:2001@x",
        deep={"to": ["0312345678"]},
        packets=123_456,
        at=ValueError(99999),
    )

    line = json.loads(capsys.readouterr().err)
    assert line["peer"] == "sip:***@x"
    assert line["deep"] == {"to": ["***"]}
    assert (line["packets"], line["part"], line["at"]) == (123_456, "keeper", "***")


@pytest.mark.usefixtures("logging_afterwards")
def test_what_libraries_log_is_masked_too(capsys: pytest.CaptureFixture[str]) -> None:
    """They do not know what they print."""
    logs.configure("api")
    logging.getLogger("uvicorn.error").error("bad path /calls/0312345678")

    assert "0312345678" not in capsys.readouterr().err


@pytest.mark.usefixtures("logging_afterwards")
def test_a_line_that_finds_no_room_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log on a full disk must not end a call; what comes later is written again."""
    told = io.StringIO()
    logs.configure("signalling")
    with open("/dev/full", "w", buffering=1) as full:  # noqa: PTH123  # a device
        monkeypatch.setattr(sys, "stderr", full)
        structlog.get_logger().error("lost")
        monkeypatch.setattr(sys, "stderr", told)
        structlog.get_logger().error("told")
        with suppress(OSError):
            full.close()

    assert [json.loads(line)["event"] for line in told.getvalue().splitlines()] == ["told"]


@pytest.mark.usefixtures("logging_afterwards")
def test_a_flood_is_no_flood_of_lines_and_is_counted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of ours as of a library's; without another line a timer says how many there were."""
    monkeypatch.setattr(logs, "WINDOW_S", 0.05)
    monkeypatch.setattr(logs, "WINDOW_S", 0.05)
    monkeypatch.setattr(logs, "MAX_LINES", 2)
    monkeypatch.setattr(time, "monotonic", lambda: 7.0)
    logs.configure("api")
    for _ in range(5):
        structlog.get_logger().warning("turned away", peer="192.0.2.1")
        logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    monkeypatch.undo()
    for timer in [each for each in threading.enumerate() if isinstance(each, threading.Timer)]:
        timer.join(10)

    lines = capsys.readouterr().err.splitlines()
    assert sum("Invalid HTTP" in line and "left out" not in line for line in lines) == 2
    told = [json.loads(line) for line in lines if line.startswith("{")]
    assert [each["event"] for each in told[:2]] == ["turned away"] * 2
    assert {each["of"]: each["lines"] for each in told[2:]} == {
        "warning: turned away": 3,
        "warning: uvicorn.error: Invalid HTTP request received.": 3,
    }


@pytest.mark.usefixtures("logging_afterwards")
def test_at_a_terminal_a_line_is_read_by_people(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time, the part, a sentence; masked as elsewhere, and nothing moves the terminal."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    logs.configure("keeper")
    structlog.get_logger().warning(
        "keeper.part_stuck", peer="0312345678", said="a\x1b[2Jb\nc", at=""
    )
    structlog.get_logger().info("new calls are taken again")

    first, second = capsys.readouterr().err.splitlines()
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d  keeper      warning: part stuck \(peer: \*\*\*; said: a\\x1b\[2Jb\\nc\)",
        first,
    )
    assert second.endswith("  keeper      new calls are taken again")
