"""Log lines on standard error: JSON, at a terminal for people; what identifies people is masked.

So many of one kind, and then how many more there were. Knows nothing of what is logged.
"""

import logging
import re
import sys
import threading
import time
from collections.abc import MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, TextIO, cast

import structlog

from rokuon.machine.log_lines import line_for_people

# Ids are 32 hexadecimal digits and stay readable; any other run of five digits may be a number.
_SENSITIVE: Final = re.compile(
    r"(?P<id>(?<![0-9a-fA-F])[0-9a-f]{32}(?![0-9a-fA-F]))"
    r"|(?P<scheme>\bsips?:)(?P<user>[^@\s<>;,]+)(?=@)"
    r"|(?P<digits>[0-9\uff10-\uff19]{5,})",
)
MASK: Final = "***"
# What writes a Call-ID has masked what it holds of a number; it is how a call is found again.
_UNMASKED_KEYS: Final = frozenset({"timestamp", "level", "call_id"})


def _hide(match: "re.Match[str]") -> str:
    if match["id"]:
        return match["id"]
    return f"{match['scheme']}{MASK}" if match["scheme"] else MASK


def masked(text: str) -> str:
    """Replace runs of five or more digits and the user part of SIP addresses."""
    return _SENSITIVE.sub(_hide, text)


def _mask_value(value: object) -> object:
    match value:
        case str():
            return masked(value)
        case dict():
            return {key: _mask_value(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_mask_value(inner) for inner in value]
        case bool() | int() | float() | None:
            return value
        case _:
            return masked(str(value))


def mask_event(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Mask every value of a log event; numbers proper (counts, ports, sizes) stay."""
    for key, value in event.items():
        if key not in _UNMASKED_KEYS:
            event[key] = _mask_value(value)
    return event


# Enough to tell what happens and to whom; a flood of one kind writes some 3 KB a second.
MAX_LINES: Final = 60
WINDOW_S: Final = 10.0
# Kinds that are told apart; a text that is new each time makes a kind of its own.
MAX_KINDS: Final = 1024
OTHERS: Final = "others"


@dataclass(slots=True)
class _Window:
    """The lines of one kind since `began_s`: written, and left out."""

    began_s: float
    written: int = 0
    left_out: int = 0


@dataclass(slots=True)
class LogLimit:
    """Lets `MAX_LINES` lines of a kind through in `WINDOW_S` seconds."""

    _windows: dict[str, _Window] = field(default_factory=dict)

    def admit(self, kind: str, now_s: float) -> bool:
        """Return whether a line of this kind is to be written; one that is not is counted."""
        if kind not in self._windows and len(self._windows) >= MAX_KINDS:
            kind = OTHERS
        window = self._windows.setdefault(kind, _Window(now_s))
        if now_s - window.began_s >= WINDOW_S and not window.left_out:
            window = self._windows[kind] = _Window(now_s)
        if window.written < MAX_LINES:
            window.written += 1
            return True
        window.left_out += 1
        return False

    def take_left_out(self, now_s: float) -> dict[str, int]:
        """Return how many lines of each kind were left out in windows that are over, once."""
        over = {
            kind: window
            for kind, window in self._windows.items()
            if now_s - window.began_s >= WINDOW_S
        }
        for kind in over:
            del self._windows[kind]
        return {kind: window.left_out for kind, window in over.items() if window.left_out}


class _Gate:
    """Where every line of the process passes: those of one kind are limited together.

    What was left out is said by the first line behind its window, or by a timer where none comes.
    """

    def __init__(self) -> None:
        self._limit, self._lock = LogLimit(), threading.Lock()
        self._timer: threading.Timer | None = None

    def admit(self, kind: str) -> bool:
        """Is a line of this kind to be written?"""
        self.say_left_out()
        with self._lock:
            is_admitted = self._limit.admit(kind, time.monotonic())
            if not is_admitted and self._timer is None:
                self._timer = threading.Timer(WINDOW_S, self._due)
                self._timer.daemon = True
                self._timer.start()
        return is_admitted

    def say_left_out(self) -> None:
        """Say how many lines of each kind were left out."""
        with self._lock:
            left_out = self._limit.take_left_out(time.monotonic())
        for kind, lines in left_out.items():
            structlog.get_logger("rokuon.logs").warning("log lines left out", of=kind, lines=lines)

    def _due(self) -> None:
        with self._lock:
            self._timer = None
        self.say_left_out()

    def limit_event(
        self, _logger: object, method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """Drop a line of ours beyond the limit, as structlog has it."""
        if not self.admit(f"{method}: {event['event']}"):
            raise structlog.DropEvent
        return event

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop a line of a library beyond the limit; its kind is the text with its gaps."""
        text = str(record.msg).partition("\n")[0]
        return self.admit(f"{record.levelname.lower()}: {record.name}: {text}")


class _Masking(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


class _Lines:
    """Standard error, where a line that finds no room (a full disk, a closed pipe) is lost.

    Nothing that is done fails because it cannot be told.
    """

    def write(self, text: str) -> None:
        with suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


def configure(part: str) -> None:
    """Send every log line of this process to standard error, named after its part.

    Where that is a terminal somebody reads it; else a program does.
    """
    gate, is_seen = _Gate(), sys.stderr.isatty()
    structlog.configure(
        processors=[
            gate.limit_event,
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            mask_event,
            line_for_people if is_seen else structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, _Lines())),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(part=part)
    # What libraries log goes the same way, masked as well.
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(gate.filter)
    handler.setFormatter(_Masking("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
