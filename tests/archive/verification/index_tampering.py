"""Ways to falsify what the index has of a recording beside its parts: events, and what is derived.

Each with the finding that tells of it. All of them can be done to one archive, each is named.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final

from tests.archive.verification.evidence import Evidence
from tests.support.catalog.packed import Bodies, bodies_in, cell_of

# Of a recording: its row in the index.
_ITS_ROW: Final = "(SELECT row FROM recording WHERE id = ?)"
_ITS_NAMINGS: Final = f"(SELECT naming FROM leg_naming WHERE recording = {_ITS_ROW})"  # noqa: S608
_OTHER_CALL: Final = "CAST(replace(CAST(body AS TEXT), 'one@x', 'two@x') AS BLOB)"


@dataclass(frozen=True, slots=True)
class Falsified:
    """What is done to the recording of a part, and by which finding and words it is told."""

    part: str
    fault: str
    named: str
    statement: str

    def act(self, evidence: Evidence) -> None:
        """Do it."""
        evidence.told(self.statement, evidence.parts[self.part].header.recording.raw)


@dataclass(frozen=True, slots=True)
class FalsifiedEvents:
    """The same, of what the index has of the events of a recording."""

    part: str
    named: str
    change: Callable[[Bodies], Bodies]
    fault: str = "events_differ"

    def act(self, evidence: Evidence) -> None:
        """Do it."""
        own = evidence.parts[self.part].header.recording.raw
        its = f"FROM packed_events WHERE recording = {_ITS_ROW}"
        with closing(evidence.catalog()) as catalog, catalog:
            ((cell,),) = catalog.execute(f"SELECT body {its}", (own,)).fetchall()
        told = f"UPDATE packed_events SET body = ? WHERE recording = {_ITS_ROW}"  # noqa: S608  # our own words
        evidence.told(told, cell_of(self.change(bodies_in(cell))), own)


def column(table: str, name: str, value: str) -> Falsified:
    """All rows of this table that hang on a recording say something else."""
    told = f"UPDATE {table} SET {name} = {value} WHERE recording = {_ITS_ROW}"  # noqa: S608  # our own words
    return Falsified("one", "index_differs", f"{table}.{name}", told)


def own(name: str, value: str) -> Falsified:
    """The row of a recording says something else."""
    told = f"UPDATE recording SET {name} = {value} WHERE id = ?"  # noqa: S608  # our own words
    return Falsified("one", "index_differs", f"recording.{name}", told)


def event(serial: int, change: Callable[[bytes], bytes]) -> FalsifiedEvents:
    """An event of the index says something else."""
    return FalsifiedEvents(
        "other", str(serial), lambda told: {**told, serial: change(told[serial])}
    )


def _numbered_99(told: Bodies) -> Bodies:
    return {99 if serial == 2 else serial: body for serial, body in told.items()}


INDEX_WAYS: Final[dict[str, Falsified | FalsifiedEvents]] = {
    "the content of an event in the index": event(3, lambda body: body.replace(b"+81", b"+82")),
    "the time of an event": event(4, lambda body: body.replace(b'"at_us":1', b'"at_us":2')),
    "an event made unreadable": event(5, lambda _: b"\0"),
    "the number of an event": FalsifiedEvents("other", "2", _numbered_99),
    "all events of a recording removed": Falsified(
        "killed",
        "events_differ",
        "4",
        f"DELETE FROM packed_events WHERE recording = {_ITS_ROW}",  # noqa: S608
    ),
    "a leg's side": column("leg", "side", "'other'"),
    "a leg's agent": column("leg", "agent_id", "'a-17'"),
    "a number": column("leg_address", "e164", "'+15550100'"),
    "the last digits of a number": column("leg_address", "last4", "'0000'"),
    "a name": Falsified(
        "one",
        "index_differs",
        "leg_naming.content",
        f'UPDATE naming SET content = \'[["Nobody",""]]\' WHERE row IN {_ITS_NAMINGS}',  # noqa: S608
    ),
    "a word by which a name is found": Falsified(
        "one",
        "index_differs",
        "naming_word.folded",
        f"UPDATE naming_word SET folded = 'nobody' WHERE naming IN {_ITS_NAMINGS}",  # noqa: S608
    ),
    "a name in a row of before": Falsified(
        "one",
        "index_differs",
        "leg_name.side",
        "INSERT INTO leg_name (tenant, recording, leg, started_us, side, text, language, folded)"  # noqa: S608
        " SELECT tenant, row, 1, started_us, 'agent', '', '', 'x' FROM recording"
        f" WHERE row = {_ITS_ROW}",
    ),
    "whose stream it is": replace(column("leg_stream", "stream", "1 - stream"), named="leg_stream"),
    "an id that others know the call by": column("call_id", "value", "'x'"),
    "a queue, a tag": Falsified(
        "one",
        "index_differs",
        "mark.kind",
        "INSERT INTO mark (tenant, recording, started_us, kind, folded)"  # noqa: S608
        f" SELECT tenant, row, started_us, 'queue', 'x' FROM recording WHERE row = {_ITS_ROW}",
    ),
    "a piece of what was written about it": Falsified(
        "one",
        "index_differs",
        "text_piece.piece",
        "INSERT INTO text_piece (tenant, recording, started_us, piece)"  # noqa: S608
        f" SELECT tenant, row, started_us, 'x' FROM recording WHERE row = {_ITS_ROW}",
    ),
    "a deviation of its source": Falsified(
        "one",
        "index_differs",
        "tolerance.code",
        "INSERT INTO tolerance (tenant, recording, source, started_us, code, detail)"  # noqa: S608
        f" SELECT tenant, row, '', started_us, 'x', '' FROM recording WHERE row = {_ITS_ROW}",
    ),
    "for how long it was held": own("held_ms", "held_ms + 1"),
    "when it began": own("started_us", "started_us - 1"),
    "its direction": own("direction", "'internal'"),
    "its source": own("source", "'x'"),
    "its flags": own("flags", "'notice_missing'"),
    "its state": own("state", "'partial'"),
    "its size": own("size_bytes", "0"),
    "that its rows are put aside as unreadable": own("derived", "-2"),
    "its class of retention": Falsified(
        "one",
        "index_differs",
        "retention_class",
        "UPDATE recording SET retention_class = NULL WHERE id = ?",
    ),
    "what its class of retention says": Falsified(
        "long 0",
        "index_differs",
        "retention_class",
        "UPDATE retention_class SET content = replace(content, 'loopback', 'x') WHERE row ="
        " (SELECT retention_class FROM recording WHERE id = ?)",
    ),
    "all legs of a recording removed": Falsified(
        "long 0",
        "index_differs",
        "leg.participant",
        f"DELETE FROM leg WHERE recording = {_ITS_ROW}",  # noqa: S608
    ),
    "a number of a call that was turned away": Falsified(
        "page",
        "index_differs",
        "refused_call.from_value",
        "UPDATE refused_call SET from_value = 'x' WHERE page = ?",
    ),
    "the content of a call that was turned away": Falsified(
        "page",
        "events_differ",
        "0",
        f"UPDATE refused_call SET body = {_OTHER_CALL} WHERE page = ?",  # noqa: S608
    ),
}
