"""What a description says of recording: `a=record`, and what its author would like of it.

Pure values (RFC 7866 §7.1.2, §7.1.3). Knows nothing of what is recorded or of who decides.
"""

from enum import StrEnum
from typing import Final

import msgspec

from capture.sdp.answer import revised
from capture.sdp.description import Attribute, MediaDescription, SessionDescription, find_value

_RECORD: Final = b"record"
_PREFERENCE: Final = b"recordpref"
_ABOUT: Final = frozenset({_RECORD, _PREFERENCE})


class Indication(StrEnum):
    """What a party is told of recording; "" where it is told nothing."""

    NONE = ""
    OFF = "off"
    PAUSED = "paused"
    ON = "on"

    @property
    def strength(self) -> int:
        """Where several record, the strongest one counts."""
        return list(Indication).index(self)


class Preference(StrEnum):
    """What a party would like of recording; "" where it has said nothing."""

    NONE = ""
    ON = "on"
    OFF = "off"
    PAUSE = "pause"
    NOPREFERENCE = "nopreference"


def indication_in(
    description: SessionDescription | None, media: MediaDescription | None
) -> Indication:
    """What its author says of recording this line; of the whole session where the line has none."""
    word = _word(description, media, _RECORD)
    return Indication(word) if word in set(Indication) else Indication.NONE


def preference_in(
    description: SessionDescription | None, media: MediaDescription | None
) -> Preference:
    """What its author would like; a word that nobody knows is none."""
    word = _word(description, media, _PREFERENCE)
    return Preference(word) if word in set(Preference) else Preference.NONE


def _word(
    description: SessionDescription | None, media: MediaDescription | None, name: bytes
) -> str:
    if description is None or media is None:
        return ""
    own = media.value(name)
    value = find_value(description.attributes, name) if own is None else own
    return (value or b"").strip().lower().decode("ascii", "replace")


def indicating(indication: Indication) -> tuple[Attribute, ...]:
    """The attribute that says it; none where nothing is said."""
    return (Attribute(_RECORD, indication.encode()),) if indication else ()


def indicated(ours: SessionDescription, place: int, indication: Indication) -> SessionDescription:
    """The next version of a description of ours, with another word at this line."""
    media = ours.media[place]
    kept = tuple(each for each in media.attributes if each.name != _RECORD)
    media = msgspec.structs.replace(media, attributes=(*kept, *indicating(indication)))
    lines = (*ours.media[:place], media, *ours.media[place + 1 :])
    return revised(ours, msgspec.structs.replace(ours, media=lines))


def differs_in_nothing_else(one: SessionDescription, two: SessionDescription) -> bool:
    """Is what the author says of recording all that he has changed, and has he changed it?"""
    about_lines = [_about(media.attributes) for media in one.media]
    same_words = about_lines == [_about(media.attributes) for media in two.media]
    if same_words and _about(one.attributes) == _about(two.attributes):
        return False
    return _without(one) == _without(two)


def _about(attributes: tuple[Attribute, ...]) -> tuple[Attribute, ...]:
    return tuple(each for each in attributes if each.name in _ABOUT)


def _without(description: SessionDescription) -> SessionDescription:
    """The same without a word of recording, and without its version."""
    lines = tuple(
        msgspec.structs.replace(media, attributes=_beside(media.attributes))
        for media in description.media
    )
    return msgspec.structs.replace(
        description, origin=None, media=lines, attributes=_beside(description.attributes)
    )


def _beside(attributes: tuple[Attribute, ...]) -> tuple[Attribute, ...]:
    return tuple(each for each in attributes if each.name not in _ABOUT)
