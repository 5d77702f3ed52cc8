"""How large the bodies of a recording session may become, and the errors of those that are broken.

Knows no format; each limit has its own reason.
"""

from typing import Final

from capture.errors import CaptureError, PeerBrokeProtocol

# RFC 2046 §5.1.1 allows 70; some peers build theirs from a Call-ID.
MAX_BOUNDARY_BYTES: Final = 256
# SDP, metadata, ISUP and a vendor's own make four.
MAX_PARTS: Final = 64
# multipart/mixed around multipart/alternative is the deepest that makes sense.
MAX_PART_DEPTH: Final = 4
# A part has a type, a disposition, an id and an encoding.
MAX_PART_HEADERS: Final = 64
MAX_PART_HEADER_BYTES: Final = 8 << 10

# A conference of 150 parties with every association; a call of two has 3 KiB.
MAX_METADATA_BYTES: Final = 128 << 10
# RFC 7865 needs four; extensions nest a little further.
MAX_DEPTH: Final = 16
# Each element of the RFC is longer than 16 bytes.
MAX_ELEMENTS: Final = 8 << 10
MAX_ATTRIBUTES: Final = 64
# The longest real ones are URIs.
MAX_ATTRIBUTE_CHARS: Final = 4 << 10
# Over all elements, the namespaces that are declared around each: an extension that stands alone
# repeats those that it needs. A long document with five of them has a quarter.
MAX_DECLARED_CHARS: Final = 4 << 20
# Of one element; the longest real ones are names and URIs.
MAX_TEXT_CHARS: Final = 16 << 10
# "2026-11-25T10:00:00.123456789+09:00" has 35.
MAX_TIME_CHARS: Final = 64


class BodyBroken(PeerBrokeProtocol):
    """A multipart body whose parts cannot be told apart."""


class MetadataBroken(CaptureError):
    """A metadata document that cannot be read.

    Never answered with a refusal: the call is kept, the document too, and the call is flagged.
    Carries no text of the document.
    """


class MetadataForbidden(MetadataBroken):
    """A document with a DTD or an entity, which no recording client has a use for."""


class MetadataTooLarge(MetadataBroken):
    """A document past one of the limits."""
