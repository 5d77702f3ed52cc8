"""What tests of destruction plans share."""

from sqlalchemy import Connection

from archive.catalog.destruction.plans import PlanContent, PlanLine, append_plan
from archive.ids import PlanId
from archive.lifecycle.tombstone import digest_of
from tests.archive.catalog.examples import author, recording_id


def line(number: int, *rules: str) -> PlanLine:
    own = recording_id(number)
    return PlanLine(
        recording=own, digest=digest_of(own), revision=3, rules=rules or ("a",), size_bytes=number
    )


def append(connection: Connection, *lines: PlanLine, own: bytes = b"p" * 16) -> int:
    content = PlanContent(
        id=PlanId(own),
        sha256=b"s" * 32,
        decided_us=7,
        recordings=len(lines),
        size_bytes=sum(each.size_bytes for each in lines),
        cooling_off_h=72,
    )
    return append_plan(connection, author(), content, lines)
