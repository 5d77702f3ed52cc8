"""What can be wrong with a part of what was sent: a word for each flaw, and its numbers.

Pure. Knows no sentence and no language; never holds what was sent, which may be a name or a number.
"""

from enum import StrEnum

from archive.errors import ArchiveError


class Flaw(StrEnum):
    """One word for each thing that the archive refuses of what it is asked or told."""

    NO_OFFSET = "no_offset"
    ENDS_FIRST = "ends_first"
    NO_ZONE = "no_zone"
    AGENT_WORDS = "agent_words"
    AGENTS = "agents"
    CUSTOMER_WORDS = "customer_words"
    NO_NUMBER = "no_number"
    NUMBER_DIGITS = "number_digits"
    DURATIONS = "durations"
    ID_LENGTH = "id_length"
    MARK_LENGTH = "mark_length"
    CLUES = "clues"
    NOTHING_UNDERSTOOD = "nothing_understood"
    NO_SUCH_DAY = "no_such_day"
    TO_COME = "to_come"
    NOT_IN_TEXT = "not_in_text"
    NO_CALL = "no_call"
    NO_PARTY = "no_party"
    PAGE = "page"
    CURSOR = "cursor"
    NO_RANGE = "no_range"
    RANGE_ENDS = "range_ends"
    REACH_VALUES = "reach_values"
    REACH_EMPTY = "reach_empty"
    CORRECTIONS = "corrections"
    NO_RECORDING = "no_recording"
    TAGS = "tags"
    NO_TAG = "no_tag"
    NO_PARTICIPANT = "no_participant"
    SEVERAL_PARTICIPANTS = "several_participants"
    NO_AGENT = "no_agent"
    NO_PURPOSE = "no_purpose"
    PURPOSES = "purposes"
    EMPTY = "empty"
    LENGTH = "length"
    BLANKS = "blanks"
    CONTROLS = "controls"
    NO_CASE = "no_case"
    NOT_WHOLE = "not_whole"
    TABLE_ROWS = "table_rows"
    TABLE_NOT_CSV = "table_not_csv"
    TABLE_ENCODING = "table_encoding"
    TABLE_COLUMNS = "table_columns"
    TABLE_FIELDS = "table_fields"
    TABLE_EMPTY = "table_empty"
    TABLE_PERIOD = "table_period"
    TABLE_TIME = "table_time"
    TABLE_TAKEN = "table_taken"
    TABLE_HEADER = "table_header"
    TABLE_KIND = "table_kind"
    TABLE_KEY = "table_key"
    TABLE_DAY = "table_day"
    TABLE_DAY_RANGE = "table_day_range"
    TABLE_TWICE = "table_twice"
    EVENT_KIND = "event_kind"
    EVENT_KEY = "event_key"
    EVENT_DAY = "event_day"
    EVENT_DAY_RANGE = "event_day_range"


class PartRefused(ArchiveError):
    """A part of what was sent cannot be taken.

    `field` says which ("" = all of it), `flaw` why, `values` fill the placeholders of its sentence.
    """

    def __init__(self, field: str, flaw: StrEnum, **values: int | str) -> None:
        super().__init__(f"{field}: {flaw}" if field else str(flaw))
        self.field = field
        self.flaw = flaw
        self.values = {name: str(value) for name, value in values.items()}


class LineRefused(PartRefused):
    """A line of a table cannot be taken; says which, never what stands in it."""

    def __init__(self, line: int, flaw: StrEnum, **values: int | str) -> None:
        super().__init__("", flaw, line=line, **values)
        self.line = line


class PartsRefused(ArchiveError):
    """Several parts of what was sent cannot be taken: all of them at once."""

    def __init__(self, *faults: PartRefused) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults
