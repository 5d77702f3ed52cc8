"""Byte ranges: which part of a file a request asks for (RFC 9110 §14).

Pure. Knows nothing of what the bytes are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_RANGE: Final = re.compile(r"bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*", re.IGNORECASE)
# More digits than any length has; Python refuses to read thousands of them.
_MAX_DIGITS: Final = 18
_BEYOND: Final = 10**_MAX_DIGITS


@dataclass(frozen=True, slots=True)
class Whole:
    """All bytes: nothing was asked for, or nothing that can be understood or held to."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The bytes from `start` until before `stop`, at least one."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Unsatisfiable:
    """A range that holds none of the file's bytes (416)."""


class RangeRefused(Exception):
    """Such a range was asked for; `headers` say what there is."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__("no byte lies in that range")
        self.headers = headers


def choose(
    range_header: str | None, if_range: str | None, *, total_bytes: int, etag: str
) -> Whole | Slice | Unsatisfiable:
    """Which bytes a GET with these headers gets; `etag` without quotes.

    Several ranges get the whole file, as §14.2 allows: one answer, one journal entry. A range
    under If-Range counts only for exactly this strong tag (§13.1.5); a date never matches, since
    no Last-Modified is sent.
    """
    if range_header is None or (if_range is not None and if_range.strip() != f'"{etag}"'):
        return Whole()
    asked = _RANGE.fullmatch(range_header.strip())
    if asked is None:
        return Whole()
    first, last = asked.groups()
    if first:
        return _from(_number(first), _number(last) if last else _BEYOND, total_bytes)
    return _last(_number(last), total_bytes) if last else Whole()


def _number(digits: str) -> int:
    return int(digits) if len(digits) <= _MAX_DIGITS else _BEYOND


def _from(first: int, last: int, total_bytes: int) -> Whole | Slice | Unsatisfiable:
    if last < first:
        return Whole()  # §14.1.1: an invalid range is as good as none
    if first >= total_bytes:
        return Unsatisfiable()
    return Slice(first, min(last + 1, total_bytes))


def _last(count: int, total_bytes: int) -> Slice | Unsatisfiable:
    if count == 0 or total_bytes == 0:
        return Unsatisfiable()
    return Slice(max(0, total_bytes - count), total_bytes)
