"""Log lines: JSON on standard error, with what identifies people masked before it is written.

Knows nothing of what is logged.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, Final, TextIO, cast

import structlog

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
    """Send every log line of this process to standard error, named after its part."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            mask_event,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, _Lines())),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(part=part)
    # What libraries log goes the same way, masked as well.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Masking("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
