"""What a verification found, in words and as rows.

Knows nothing of how it is found.
"""

from collections.abc import Callable, Iterator
from typing import Final

from archive.moments import moment
from archive.verification.faults import Fault, Finding
from archive.verification.signatures import Signed
from archive.verification.walk import Unproved, Verified
from rokuon.cli.terminal.output import Output, Row, show_rows, show_value
from rokuon.messages.error_words import words_of
from rokuon.messages.i18n import tr

_FINDING_TITLES: Final = {
    "part": tr("part"),
    "fault": tr("finding"),
    "said": tr("what is wrong"),
}
_PACKET_TITLES: Final = {
    "part": tr("part"),
    "stream": tr("stream"),
    "packet": tr("packet"),
    "ssrc": tr("source"),
    "serial": tr("ring number"),
    "arrived": tr("arrived"),
}
_WORDS: Final[dict[Fault, Callable[[], str]]] = {
    Fault.ROW_UNREADABLE: lambda: tr("the catalog's row cannot be read: {detail}"),
    Fault.PART_DAMAGED: lambda: "{detail}",
    Fault.FILE_MISSING: lambda: tr("its file is not in the archive"),
    Fault.FILE_UNREADABLE: lambda: tr("its file cannot be read: {detail}"),
    Fault.ANOTHER_PART: lambda: tr("its file holds another part: {detail}"),
    Fault.KEY_GONE: lambda: tr("its key cannot be had any more: {detail}"),
    Fault.ROW_DIFFERS: lambda: tr("the index says otherwise than the file: {detail}"),
    Fault.ROW_MISSING: lambda: tr("it is not in the index: {detail}"),
    Fault.EVENTS_DIFFER: lambda: tr("the index has other events than its parts: {detail}"),
    Fault.INDEX_DIFFERS: lambda: tr("the index says otherwise than its events: {detail}"),
    Fault.JOURNAL_DIFFERS: lambda: tr("the journal tells of other bytes at its adoption"),
    Fault.PART_MISSING: lambda: tr("this part is missing between the others"),
    Fault.LAST_PART_MISSING: lambda: tr("the recording must go on with this part"),
    Fault.PART_AFTER_LAST: lambda: tr("it comes behind the last part of its recording"),
    Fault.OTHER_NODE: lambda: tr("it is of another node than the recording's first part"),
    Fault.SIGNATURE_WRONG: lambda: tr("its signature is wrong"),
    Fault.SIGNATURE_MISSING: lambda: tr("it is not signed, and must be"),
    Fault.SIGNATURE_UNCHECKED: lambda: tr("its signature cannot be checked: {detail}"),
    Fault.MAP_MISSING: lambda: tr("its time map is not in the archive"),
    Fault.MAP_UNREADABLE: lambda: tr("its time map cannot be read: {detail}"),
    Fault.MAP_DAMAGED: lambda: tr("its time map does not open as its own: {detail}"),
    Fault.MAP_DIFFERS: lambda: tr("its time map says otherwise than its packets: {detail}"),
    Fault.PEAKS_DIFFER: lambda: tr("its waveform is not that of its packets"),
    Fault.OPENING_WITHOUT_ENTRY: lambda: tr(
        "keys were opened under an entry that the journal does not have: {detail}"
    ),
    Fault.ENTRY_CHANGED: lambda: tr("its entry was changed since it opened keys: {detail}"),
    Fault.OPENING_MISSING: lambda: tr("the key daemon's list lacks openings: {detail}"),
    Fault.ENTRY_GONE: lambda: tr("entries of the journal are gone"),
    Fault.ENTRY_OUT_OF_TIME: lambda: tr(
        "its time is before that of an earlier entry, and no clock was set: {detail}"
    ),
    Fault.ENTRY_MISSING: lambda: tr("no entry of the journal tells of it: {detail}"),
    Fault.ENTRY_DIFFERS: lambda: tr("its entry of the journal says otherwise: {detail}"),
    Fault.ROW_GONE: lambda: tr("what the journal tells of is not in the register: {detail}"),
    Fault.GUARD_MISSING: lambda: tr("the trigger that guards the catalog is gone"),
    Fault.GUARD_CHANGED: lambda: tr("the trigger that guards the catalog is another one"),
}


def show_verified(verified: Verified, output: Output) -> None:
    """Write all of it."""
    if output is Output.JSON:
        show_value(_value(verified), output)
        return
    rows, unproved = _finding_rows(verified), _unproved_rows(verified)
    if rows:
        show_rows(rows, _FINDING_TITLES, output)
    if unproved:
        print(tr("{count} packet(s) that no key proves:").format(count=len(unproved)))
        show_rows(unproved, _PACKET_TITLES, output)
    for line in _summary(verified):
        print(line)


def _value(verified: Verified) -> Row:
    """All of it, for programs."""
    return {
        "parts": verified.parts,
        "signatures": {each.value: verified.signatures[each] for each in Signed},
        "findings": _finding_rows(verified),
        "unproved": _unproved_rows(verified),
        "openings": _openings(verified),
        "waiting": verified.waiting,
    }


def _finding_rows(verified: Verified) -> list[Row]:
    """A row for each finding, without those that say the same."""
    rows: list[Row] = [
        {"part": found.part, "fault": found.fault.value, "said": _said(found)}
        for found in verified.findings
    ]
    return [row for at, row in enumerate(rows) if row not in rows[:at]]


def _openings(verified: Verified) -> Row:
    """How many entries of the journal opened keys, or none."""
    openings = verified.openings
    return {"opened": openings.opened, "unopened": openings.unopened}


def _unproved_rows(verified: Verified) -> list[Row]:
    """A row for each packet that no key proves."""
    return [row for each in verified.unproved for row in _packet_rows(each)]


def _summary(verified: Verified) -> Iterator[str]:
    """How much was read, and whose signatures were checked."""
    if verified.findings:
        yield tr("{count} part(s) read").format(count=verified.parts)
    else:
        yield tr("{count} part(s): whole").format(count=verified.parts)
    counts = verified.signatures
    yield tr("signatures: {node} of nodes, {keeper} of the keeper").format(
        node=counts[Signed.NODE], keeper=counts[Signed.KEEPER]
    )
    if verified.waiting:
        yield tr(
            "{count} recording(s) whose rows are about to be made anew, and were not compared"
        ).format(count=verified.waiting)
    openings = verified.openings
    yield tr("entries of the journal that opened keys: {opened}, and none: {unopened}").format(
        opened=openings.opened, unopened=openings.unopened
    )


def _said(found: Finding) -> str:
    detail = found.detail if found.error is None else words_of(found.error)
    return _WORDS[found.fault]().format(detail=detail)


def _packet_rows(unproved: Unproved) -> Iterator[Row]:
    for packet in unproved.packets:
        yield {
            "part": unproved.part,
            "stream": packet.stream,
            "packet": "RTCP" if packet.is_report else f"RTP {packet.sequence}",
            "ssrc": f"{packet.ssrc:08x}",
            "serial": packet.serial,
            "arrived": moment(packet.arrived_us).isoformat(timespec="milliseconds"),
        }
    if unproved.more:
        yield {"part": unproved.part, "packet": f"{unproved.more} more"}
