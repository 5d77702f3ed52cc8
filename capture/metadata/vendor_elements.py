"""What metadata says of a call in elements that RFC 7865 does not have, as elements.

Pure. Knows nothing of what vendors mean by them.
"""

from collections.abc import Iterable, Iterator

from capture.metadata.body_limits import MetadataBroken
from capture.metadata.snapshot import Extension, MetadataSnapshot
from capture.metadata.xml_elements import Element, read_elements


def extensions_of(snapshot: MetadataSnapshot, call: str) -> Iterator[Element]:
    """The extensions of a communication session, each as its outermost element.

    Where a document describes several calls, only what stands in the call, its group, its
    participants and its streams is its own.
    """
    calls = [each for each in snapshot.sessions if each.session_id == call]
    refs = {each.group_ref for each in calls}
    groups = [each for each in snapshot.groups if each.group_id in refs]
    found = [each for group in groups for each in group.extensions]
    found += [each for one in calls for each in one.extensions]
    is_alone = len(snapshot.sessions) <= 1
    if is_alone:
        found += [each for group in snapshot.groups for each in group.extensions]
    people = {
        each.participant_id for each in snapshot.participant_sessions if each.session_id == call
    }
    for party in snapshot.participants:
        if is_alone or party.participant_id in people:
            found += party.extensions
    for stream in snapshot.streams:
        if is_alone or stream.session_id == call:
            found += stream.extensions
    return read_extensions([*found, *(snapshot.extensions if is_alone else ())])


def read_extensions(extensions: Iterable[Extension]) -> Iterator[Element]:
    """Extensions as elements; one that cannot be read says nothing."""
    for extension in extensions:
        try:
            yield read_elements(extension.xml.encode())
        except MetadataBroken:
            continue


def within(element: Element) -> Iterator[Element]:
    """An element and all that it holds, outermost first."""
    yield element
    for child in element.children:
        yield from within(child)
