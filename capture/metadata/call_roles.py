"""What metadata says of who called and who is recorded: elements of vendors, order of participants.

Pure (docs/siprec.md, Sides and direction). Knows nothing of sides' rules or of sessions.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from archive.call.events import CallerBecause, CallType
from archive.call.numbers import read_number, user_part
from capture.metadata.snapshot import MetadataSnapshot, Participant
from capture.metadata.vendor_elements import extensions_of, read_extensions, within
from capture.metadata.xml_elements import Element

# As many last digits as tell a subscriber; with fewer, another country's number may end so.
_TELLING_DIGITS: Final = 7
# Element (lower case, without prefix) that holds an address or a number.
_CALLERS: Final = frozenset({"callingpartynumber", "callingpartyaddress", "fromhdr"})
_CALLEES: Final = frozenset({"calledpartynumber", "calledpartyaddress", "tohdr"})
_RECORDED: Final = frozenset({"recordedparty", "userid"})
# BroadWorks has an element in `callType`, others a word; both are told as its user sees the call.
_CALL_TYPES: Final[dict[str, CallType]] = {
    "origcall": "outbound", "termcall": "inbound",
    "outbound": "outbound", "outgoing": "outbound", "out": "outbound", "originating": "outbound",
    "inbound": "inbound", "incoming": "inbound", "in": "inbound", "terminating": "inbound",
    "internal": "internal", "intercom": "internal",
}  # fmt: skip
# Clients that name the caller first in their metadata, by the beginning of their User-Agent.
_CALLER_FIRST: Final = ("opensips",)


class CallRoles(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a call: its type, the participant who called, those who are recorded."""

    call_type: CallType = ""
    caller: str = ""
    caller_because: CallerBecause = ""
    recorded: tuple[str, ...] = ()


NO_ROLES: Final = CallRoles()


class _VendorWords(msgspec.Struct, frozen=True, kw_only=True):
    callers: tuple[str, ...]
    callees: tuple[str, ...]
    recorded: tuple[str, ...]
    types: tuple[str, ...]


def read_call_roles(
    document: MetadataSnapshot, call: str, people: Sequence[str], *, country: str, user_agent: str
) -> CallRoles:
    """What a document tells of a communication session between `people`, by their ids."""
    there = [each for each in document.participants if each.participant_id in people]
    told = _told(extensions_of(document, call))
    caller = _marked(there) or _meant(there, told.callers, country)
    if not caller:
        caller = _other_than(there, _meant(there, told.callees, country))
    because: CallerBecause = "metadata" if caller else ""
    if not caller and there and user_agent.lower().startswith(_CALLER_FIRST):
        caller, because = there[0].participant_id, "dialect"
    recorded = (_meant(there, [address], country) for address in told.recorded)
    return CallRoles(
        call_type=next((_CALL_TYPES[each] for each in told.types if each in _CALL_TYPES), ""),
        caller=caller,
        caller_because=because,
        recorded=tuple(dict.fromkeys(each for each in recorded if each)),
    )


def _told(extensions: Iterable[Element]) -> _VendorWords:
    found = [(each.name.lower(), each) for one in extensions for each in within(one)]
    types = [each for name, each in found if name == "calltype"]
    return _VendorWords(
        callers=tuple(each.text for name, each in found if name in _CALLERS),
        callees=tuple(each.text for name, each in found if name in _CALLEES),
        recorded=tuple(each.text for name, each in found if name in _RECORDED),
        types=tuple(word for each in types for word in _words(each)),
    )


def _words(call_type: Element) -> Iterator[str]:
    yield call_type.text.strip().lower()
    for child in call_type.children:
        yield child.name.lower()


def _marked(there: Iterable[Participant]) -> str:
    """Who is said to call in his own description, as Oracle has it."""
    for each in there:
        for extension in read_extensions(each.extensions):
            if any(_is_calling(element) for element in within(extension)):
                return each.participant_id
    return ""


def _is_calling(element: Element) -> bool:
    return element.name.lower() == "callingparty" and element.text.strip().lower() == "true"


def _meant(there: Iterable[Participant], addresses: Iterable[str], country: str) -> str:
    """The participant at the first of these addresses at which one is; "" for none."""
    known = [(each, _users(each)) for each in there]
    for address in addresses:
        sought = user_part(address) or address.strip()
        for each, users in known:
            if address.strip() == each.participant_id:
                return each.participant_id
            if sought and any(_is_same(sought, user, country) for user in users):
                return each.participant_id
    return ""


def _users(participant: Participant) -> list[str]:
    users = (user_part(each.aor) for each in participant.name_ids)
    return [user for user in users if user]


def _is_same(one: str, other: str, country: str) -> bool:
    """The same user, or the same number in whatever form either of them has."""
    if one.casefold() == other.casefold():
        return True
    left, right = read_number(one, country), read_number(other, country)
    if left.e164 and right.e164:
        return left.e164 == right.e164
    shorter, longer = sorted((each.reversed_digits.rstrip("0") for each in (left, right)), key=len)
    return len(shorter) >= _TELLING_DIGITS and longer.startswith(shorter)


def _other_than(there: Sequence[Participant], callee: str) -> str:
    others = [each.participant_id for each in there if each.participant_id != callee]
    return others[0] if callee and len(there) == 2 and len(others) == 1 else ""  # noqa: PLR2004  # two talk
