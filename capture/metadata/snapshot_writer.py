"""What a recording server writes to a client: a request for all its metadata (RFC 7865 §7).

Knows nothing of when that is sent.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from capture.metadata.snapshot import (
    NAMESPACE,
)

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
# A carriage return would come back as a line feed (XML 1.0 §2.11).
_KEPT_IN_TEXT: Final = {"\r": "&#13;"}


def render_snapshot_request(reason: str = "") -> bytes:
    """A request for everything that is known (RFC 7865 §7, RFC 7866 §9.2)."""
    inside = _texts("requestreason", filter(None, [reason]))
    request = _element("requestsnapshot", [("xmlns", NAMESPACE)], inside)
    return f"{_HEAD}{request}\n".encode()


def _element(
    name: str, attributes: Iterable[tuple[str, str]] = (), content: Iterable[str] = ()
) -> str:
    head = "".join((name, *(f" {key}={quoteattr(value)}" for key, value in attributes if value)))
    inside = "".join(content)
    return f"<{head}>{inside}</{name}>" if inside else f"<{head}/>"


def _texts(name: str, texts: Iterable[str]) -> Iterator[str]:
    return (_element(name, [], [escape(text, _KEPT_IN_TEXT)]) for text in texts)
