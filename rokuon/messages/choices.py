"""Words that a person may choose from on the command line.

Pure values. Knows nothing of what is done with a choice.
"""

from enum import StrEnum


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"
    UNKNOWN = "unknown"


class RankedClue(StrEnum):
    """A clue by its option, of which it is said how sure it is; `all` is each that is given."""

    ALL = "all"
    WHEN = "when"
    AGENT = "agent"
    TEAM = "team"
    EXTENSION = "extension"
    NUMBER = "number"
    DIALLED = "dialled"
    DIRECTION = "direction"
    QUEUE = "queue"
    LENGTH = "length"
    HAPPENED = "happened"
    CUSTOMER = "customer"
    ID = "id"
    GIST = "gist"
    TAG = "tag"
    BEFORE = "before"
    AFTER = "after"


class Happened(StrEnum):
    """What happened in a call, beside talk (`archive.locate.clues`)."""

    TRANSFERRED = "transferred"
    HELD = "held"
    CALLED_BACK = "called_back"


class Asked(StrEnum):
    """What may be asked of somebody who looks for a call (`archive.locate.answer.question`)."""

    LAST_DIGITS = "last_digits"
    MONTH = "month"
    WEEKDAY = "weekday"
    HALF_DAY = "half_day"
    DIRECTION = "direction"
    SURNAME = "surname"
    QUEUE = "queue"
    TEAM = "team"
    LENGTH = "length"
    TRANSFERRED = "transferred"
    CUSTOMER = "customer"
    ORDER = "order"


class ToldAs(StrEnum):
    """As what a source tells a number (`archive.call.mentions`)."""

    CALLER = "caller"
    CALLED = "called"
    DIALLED = "dialled"
    REDIRECTED_BY = "redirected_by"
    CONNECTED = "connected"
    QUEUE = "queue"
    AGENT = "agent"
    OTHER = "other"


class NoticeResult(StrEnum):
    """What became of the notices of a call (`archive.call.notices`): the worst of them; or none."""

    COMPLETE = "complete"
    CUT_SHORT = "cut_short"
    FAILED = "failed"
    UNHEARD = "unheard"
    UNPROVED = "unproved"
    NONE = "none"


class FirstStart(StrEnum):
    """What is done at the first start beside serving."""

    NOTHING = "nothing"
    ONE_PERSON = "one person"  # who starts it is the first user, and enough where it takes two
    WELCOME = "welcome"  # that, a token, and two calls in the archive


class Corrected(StrEnum):
    AGENT = "agent"
    SIDE = "side"
    NUMBER = "number"
    QUEUE = "queue"
    CONTROLLER = "controller"
    PURPOSE = "purpose"


class PartySide(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    UNKNOWN = "unknown"


class TraceForm(StrEnum):
    """How the SIP messages of a call are shown."""

    LADDER = "ladder"
    PCAP = "pcap"


class Part(StrEnum):
    """What can be run on its own; `all` is every part under one supervisor.

    `capture` runs the last four itself: they are named here so that it can.
    """

    ALL = "all"
    CAPTURE = "capture"
    KEYS = "keys"
    KEEPER = "keeper"
    RETENTION = "retention"
    API = "api"
    HOLDER = "holder"
    INGEST = "ingest"
    RELAY = "relay"
    SIGNALLING = "signalling"
