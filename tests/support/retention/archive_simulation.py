"""What tests of archive simulation share."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st
from sqlalchemy import Engine

from archive.catalog.database.engine import writing
from archive.catalog.holds.measures import take_measure
from archive.lifecycle.measures import Measure, MeasureKind
from archive.lifecycle.retention_events import ToldEvent
from archive.moments import EPOCH
from retention.policies.policy import Calendars, RetentionPolicy
from retention.policies.revision import Revision
from retention.policies.shipped_policy import SHIPPED
from retention.rules.rule import Asset
from tests.archive.catalog.examples import (
    MINUTE_US,
    STARTED_US,
    adopt,
    adoption,
    author,
    inbound,
    recording_id,
)
from tests.retention.examples import terms
from tests.support.catalog.measures import act
from tests.support.catalog.told_events import tell
from tests.support.hold_scenes import held
from tests.support.retention.explanations import POLICIES, archive, routed

HOUR_US = 60 * MINUTE_US


ZONES = ("Asia/Tokyo", "Europe/Berlin", "America/Sao_Paulo")


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Calls of every kind that rules tell apart, most of them alike, over three days.

    Two are held, a conversation is frozen, of one erasure was granted, a contract has ended.
    """
    engine = archive(tmp_path_factory.mktemp("calls"))
    for number in range(10, 28):
        began = STARTED_US + number * 4 * HOUR_US
        more = [routed("Support", "VIP", controller="Acme")] if number % 3 == 0 else []
        if number % 6 == 0:
            more = [routed("Ｓｕｐｐｏｒｔ", "VIP", "ｖｉｐ", controller="ＡＣＭＥ")]
        adopt(engine, adoption(number, (*inbound(began), *more)))
    held(engine, recording_id(2), recording_id(12, STARTED_US + 48 * HOUR_US))
    tell(engine, ToldEvent(kind="contract_end", key="K-1", day=date(2026, 11, 30)))
    frozen = Measure(kind=MeasureKind.FREEZE, case="D-1", whole_conversation=True)
    erased = Measure(kind=MeasureKind.ERASURE_GRANTED, case="D-2")
    with writing(engine) as connection:
        for measure, own in ((frozen, recording_id(3)), (erased, recording_id(7))):
            take_measure(connection, author(), act(measure, own))
    yield engine
    engine.dispose()


def moments() -> st.SearchStrategy[datetime]:
    """Among the calls, and after the periods of rules."""
    hours = st.integers(0, 24 * 800)
    return hours.map(lambda h: EPOCH + timedelta(microseconds=STARTED_US + h * HOUR_US))


def zoned(own: RetentionPolicy, zone: str, others: str) -> RetentionPolicy:
    """The policy, counting elsewhere; one controller in a zone of its own."""
    calendars = Calendars(zone=ZoneInfo(zone), of_controllers={"acme": ZoneInfo(others)})
    return RetentionPolicy(rules=own.rules, calendars=calendars)


def telling(own: RetentionPolicy, after: list[str]) -> RetentionPolicy:
    """The policy, of which each rule says as well how long what is told is kept, or nothing."""
    rules = (
        replace(each, terms={**each.terms, Asset.METADATA: terms("", told)}) if told else each
        for each, told in zip(own.rules, after, strict=False)
    )
    return replace(own, rules=(*rules, *own.rules[len(after) :]))


TOLD = st.lists(st.sampled_from(["", "P1D", "P2M", "P12Y", "never"]), min_size=1, max_size=4)


NEW = st.builds(telling, POLICIES, TOLD)


SUPPOSED = st.builds(zoned, NEW, st.sampled_from(ZONES), st.sampled_from(ZONES))


REVISIONS = st.lists(st.tuples(NEW, moments(), st.booleans()), max_size=2).map(
    lambda drawn: (
        SHIPPED,
        *(
            Revision(number=at, policy=own, in_force_at=since, is_retroactive=back)
            for at, (own, since, back) in enumerate(drawn, start=1)
        ),
    )
)
