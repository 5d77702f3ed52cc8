"""What tests of indicating share."""

from capture.inline.descriptions.speech import agreed_media
from capture.sdp.description import SessionDescription
from capture.sdp.parser import parse_description
from capture.sdp.record_attribute import Indication, indication_in
from capture.sip.message import Message


def word(description: SessionDescription | None) -> Indication:
    """What is said of recording there."""
    return indication_in(description, agreed_media(description))


def said_in(message: Message) -> Indication:
    """What a message of ours says."""
    return word(parse_description(message.body))
