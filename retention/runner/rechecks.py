"""What a plan has, judged anew before it goes: what falls out and why, until when facts live on.

Knows nothing of the steps behind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from archive.catalog.destruction.planned_recordings import StoredLine
from archive.ids import RecordingId, TenantId
from archive.moments import microseconds
from retention.decisions.destruction_plan import recheck
from retention.decisions.due import Cause, Grounds
from retention.decisions.run_stages import Stage, advanced
from retention.runner.facts_copies import Keys
from retention.runner.judgement.page_verdicts import page_verdicts_of
from retention.runner.judgement.recording_verdicts import Verdict, verdicts_of


@dataclass(frozen=True, slots=True)
class Rechecked:
    """Lines of a plan: those that go; by rows, why the others do not.

    `facts_until_us`: of those whose facts outlive them, until when; None: nothing says when.
    """

    going: tuple[StoredLine, ...]
    causes: Mapping[int, Cause]
    facts_until_us: Mapping[RecordingId, int | None]


def rechecked(
    connection: Connection, tenant: TenantId, lines: Sequence[StoredLine], keys: Keys, now_us: int
) -> Rechecked:
    """Judge lines with which nothing was done yet; `keys` are those of facts that live on."""
    found = verdicts_of(connection, tenant, [id_of(each) for each in lines], now_us)
    if pages := [id_of(each) for each in lines if is_page(each)]:
        found |= page_verdicts_of(connection, tenant, pages, now_us)
    causes: dict[int, Cause] = {}
    for each in lines:
        cause = _cause(each, found.get(id_of(each)), keys)
        advanced(Stage(each.stage), Stage.DROPPED if cause else Stage.INTENDED)
        if cause:
            causes[each.row] = cause
    going = tuple(each for each in lines if each.row not in causes)
    until = {id_of(each): _until(found[id_of(each)]) for each in going if _lives_on(each)}
    return Rechecked(going, causes, until)


def id_of(line: StoredLine) -> RecordingId:
    """The recording of a line that is not gone."""
    assert line.recording is not None, "it is not gone"
    return line.recording


def is_page(line: StoredLine) -> bool:
    """Whether it is a page of the ledger that goes."""
    return line.grounds[2] == "ledger"


def _cause(line: StoredLine, now: Verdict | None, keys: Keys) -> Cause | None:
    cause = recheck(Grounds(*line.grounds), now.says if now else None)
    if cause is None and _lives_on(line) and id_of(line) not in keys:
        return Cause.KEY_UNKNOWN
    return cause


def _lives_on(line: StoredLine) -> bool:
    return line.grounds[2] == "audio"


def _until(now: Verdict) -> int | None:
    return None if now.facts_until is None else microseconds(now.facts_until)
