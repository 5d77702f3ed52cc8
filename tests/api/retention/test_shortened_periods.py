"""How many recordings go earlier by what is told."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.retention.shortened_periods import Shortening
from archive.call.events import RouteTaken
from archive.catalog.database.engine import reading, writing
from archive.catalog.retention.revisions import NewRevision, append_revision
from archive.catalog.retention.told_events import EventsTold, append_events
from archive.lifecycle.retention_events import ToldEvent
from archive.moments import moment
from retention.policies.policy import Limits, RetentionPolicy
from retention.policies.policy_text import policy_text
from tests.archive.catalog.examples import (
    NOW_US,
    STARTED_US,
    access,
    adopt,
    adoption,
    author,
    inbound,
    new_catalog,
)
from tests.retention.examples import TOKYO, rule

CALLS = 3
TODAY = moment(NOW_US).date()
# The policy's time of cooling off ago.
WAITED_US = NOW_US - 72 * 3_600_000_000


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Three calls of one contract; they go a month after its end, and two are many."""
    made = new_catalog(tmp_path)
    tagged = RouteTaken(at_us=STARTED_US, route="r", target="t", mode="yes", tags=("contract:K-1",))
    adopt(made, *(adoption(at, (*inbound(), tagged)) for at in range(1, CALLS + 1)))
    own = RetentionPolicy(
        rules=(rule("c", after="P1M", begins="contract_end"),),
        calendars=TOKYO,
        limits=Limits(bulk=2),
    )
    new = NewRevision(text=policy_text(own), in_force_us=0, is_retroactive=True)
    with writing(made) as connection:
        append_revision(connection, author(), new)
    return made


def ends(days: int) -> ToldEvent:
    """The contract ends so many days from today."""
    return ToldEvent.of("contract_end", "K-1", (TODAY + timedelta(days=days)).isoformat())


def shortening(engine: Engine, *events: ToldEvent) -> Shortening:
    """What telling these would do."""
    with reading(engine) as connection:
        return Shortening.by_events(connection, access(), events)


def tell(engine: Engine, event: ToldEvent) -> None:
    """It is told."""
    with writing(engine) as connection:
        append_events(connection, author(), EventsTold(events=[event], sha256=bytes(32)))


def test_an_end_where_there_was_none_is_no_shortening_while_it_lies_ahead(engine: Engine) -> None:
    """That contracts end is told every day; what they keep begins to run then."""
    assert not shortening(engine, ends(0)).is_bulk()
    assert not shortening(engine, ends(1)).is_bulk()


def test_what_would_go_at_once_is_a_shortening(engine: Engine) -> None:
    """A day long past, of many recordings, is how one person would destroy an archive."""
    assert shortening(engine, ends(-100)) == Shortening(2, 2, WAITED_US)
    assert shortening(engine, ends(-100)).is_bulk()


def test_an_earlier_day_than_was_told_is_a_shortening_and_a_later_one_is_none(
    engine: Engine,
) -> None:
    """People have planned with the day that was told."""
    tell(engine, ends(10))

    assert shortening(engine, ends(9)).is_bulk()
    assert not shortening(engine, ends(11)).is_bulk()
    assert not shortening(engine, ToldEvent.of("contract_end", "K-1", "none")).is_bulk()


def test_few_recordings_are_not_many(engine: Engine) -> None:
    """One contract of one call is the ordinary thing."""
    assert not shortening(engine, ToldEvent.of("contract_end", "K-2", "2020-01-01")).is_bulk()
    assert not shortening(engine).is_bulk()


def test_what_few_recordings_have_is_counted_for_the_next_tellings(engine: Engine) -> None:
    """Many small ones are not less than a large one."""
    tagged = RouteTaken(at_us=STARTED_US, route="r", target="t", mode="yes", tags=("contract:K-2",))
    adopt(engine, adoption(9, (*inbound(), tagged)))
    small = shortening(engine, ToldEvent.of("contract_end", "K-2", "2020-01-01"))

    assert small == Shortening(1, 2, WAITED_US)
    assert (small.is_bulk(), small.is_bulk(1)) == (False, True)
    assert not Shortening(0, 2, WAITED_US).is_bulk(9)
