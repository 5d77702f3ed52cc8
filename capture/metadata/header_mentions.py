"""Numbers and names that a message tells of a call in its headers, each with its role.

Pure, over one message (docs/siprec.md, What is told beside). Knows nothing of sessions.
"""

import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import Final

from archive.call.mentions import MAX_ADDRESS_CHARS, MAX_KEY_CHARS, MAX_NAME_CHARS, Mention, ToldAs
from archive.call.numbers import user_part
from capture.errors import PeerBrokeProtocol
from capture.metadata.mentions import distinct, is_number, mention_of
from capture.raw_text import text_of
from capture.sip.address import NameAddress, parse_address
from capture.sip.grammar import split_list
from capture.sip.message import Message, Request, written

# Who sends a message, as it says itself and as a network vouches for it (RFC 3325).
_VOUCHED: Final = (b"p-asserted-identity", b"p-preferred-identity")
_PARTY: Final = b"remote-party-id"
# Header → as what its addresses are told (RFC 7315, RFC 5502, RFC 3892).
_OF_ONE: Final[dict[bytes, ToldAs]] = {
    b"p-called-party-id": "dialled",
    b"p-served-user": "other",
    b"referred-by": "redirected_by",
}
_DIVERSION: Final = b"diversion"
_HISTORY: Final = b"history-info"
# Read by the words of their names, as elements are; a header of the standards is none of these.
_OWN_WORDS: Final = (b"x-", b"p-")
_ALONE: Final = frozenset({b"from", b"to"})
_READ: Final = frozenset({*_VOUCHED, *_OF_ONE})
_INDEX: Final = re.compile(rb"\d{1,4}(?:\.\d{1,4}){0,30}")
_NAMELESS: Final = re.compile(r"anonymous|restricted|unavailable|unknown|withheld", re.IGNORECASE)
_NOWHERE: Final = "anonymous.invalid"
_OPEN: Final = frozenset({b"", b"off", b"none"})


def told_by_request(request: Request) -> tuple[Mention, ...]:
    """What a request of a call tells: who calls, what was dialled, who has redirected it."""
    return distinct(
        (
            *_of_sender(request, "caller"),
            *_of_each(request, b"to", "dialled"),
            *_dialled(request),
            *_of_way(request),
        )
    )


def told_by_recorder(request: Request) -> tuple[Mention, ...]:
    """The same of a recording session, whose ends are the client and this server.

    Its From and To tell of the call only where they have a number, or From a name; whose that is
    nobody says. The Request-URI tells nothing.
    """
    here = user_part(text_of(request.uri))
    dialled = (each for each in _of_each(request, b"to", "dialled") if _has_number(each))
    return distinct(
        (
            *_without_client(_of_sender(request, "other")),
            *(each for each in dialled if user_part(each.address) != here),
            *_of_way(request),
        )
    )


def told_by_callee(message: Message) -> tuple[Mention, ...]:
    vouched = (
        each for name in (*_VOUCHED, _PARTY) for each in _of_each(message, name, "connected")
    )
    return distinct((*vouched, *_by_words(message)))


def _of_sender(request: Request, told_as: ToldAs) -> Iterator[Mention]:
    for name in (b"from", *_VOUCHED):
        yield from _of_each(request, name, told_as)
    for address in _addresses(request, _PARTY):
        is_called = (address.param(b"party") or b"").lower() == b"called"
        mention = _mention("called" if is_called else told_as, _PARTY, address)
        if user_part(mention.address) or mention.name:
            yield mention


def _without_client(mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Without addresses that are the client's own: `sbc@`, `recorder@`."""
    for each in mentions:
        if _has_number(each):
            yield each
        elif each.name:
            yield Mention(told_as=each.told_as, name=each.name, key=each.key)


def _has_number(mention: Mention) -> bool:
    return is_number(user_part(mention.address))


def _dialled(request: Request) -> Iterator[Mention]:
    """The Request-URI; a service (RFC 5031) is nobody's address."""
    uri = text_of(request.uri)
    if user_part(uri):
        yield Mention(told_as="dialled", address=uri[:MAX_ADDRESS_CHARS], key="Request-URI")


def _of_way(request: Request) -> Iterator[Mention]:
    """Which way the call came: of Diversion the newest stands on top (RFC 5806)."""
    diverted = list(_addresses(request, _DIVERSION))
    yield from (_mention("redirected_by", _DIVERSION, each) for each in diverted)
    yield from (_mention("dialled", _DIVERSION, each) for each in diverted[-1:])
    history = sorted(_addresses(request, _HISTORY), key=_index)
    yield from (_mention("dialled", _HISTORY, each) for each in history[:1])
    yield from (_mention("redirected_by", _HISTORY, each) for each in history[:-1])
    for name, told_as in _OF_ONE.items():
        yield from _of_each(request, name, told_as)
    yield from _by_words(request)


def _index(entry: NameAddress) -> tuple[int, ...]:
    """Where an entry of History-Info stands among the others (RFC 7044); one without it is last."""
    index = entry.param(b"index") or b""
    if not _INDEX.fullmatch(index):
        return (1 << 30,)
    return tuple(int(each) for each in index.split(b"."))


def _by_words(message: Message) -> Iterator[Mention]:
    for line in message.lines:
        if line.name.startswith(_OWN_WORDS) and line.name not in _READ:
            found = mention_of((written(line.name),), text_of(line.value))
            if found is not None:
                yield found


def _of_each(message: Message, name: bytes, told_as: ToldAs) -> Iterator[Mention]:
    for address in _addresses(message, name):
        mention = _mention(told_as, name, address)
        if user_part(mention.address) or mention.name:
            yield mention


def _addresses(message: Message, name: bytes) -> Iterator[NameAddress]:
    """Those that can be read; a name may have a comma where one address stands alone."""
    for value in message.values(name):
        with contextlib.suppress(PeerBrokeProtocol):
            elements = [value] if name in _ALONE else split_list(value)
            for element in elements:
                with contextlib.suppress(PeerBrokeProtocol):
                    yield parse_address(element)


def _mention(told_as: ToldAs, header: bytes, address: NameAddress) -> Mention:
    uri, _, asked = text_of(address.uri).partition("?")
    is_nobody = _NAMELESS.fullmatch(user_part(uri)) is not None
    return Mention(
        told_as=told_as,
        address="" if is_nobody else uri[:MAX_ADDRESS_CHARS],
        name="" if _is_withheld(address, asked) else text_of(address.display)[:MAX_NAME_CHARS],
        key=written(header)[:MAX_KEY_CHARS],
    )


def _is_withheld(address: NameAddress, asked: str) -> bool:
    """Is the name one that says nobody, or is it not to be shown?"""
    privacy = (address.param(b"privacy") or b"").lower()
    return (
        privacy not in _OPEN
        or "privacy=" in asked.lower()
        or _NOWHERE in text_of(address.uri).lower()
        or _NAMELESS.fullmatch(text_of(address.display).strip()) is not None
    )
