"""Pages of the ledger among what is due: calls that were turned away, sealed, and a rule."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime

from archive.access.query import SearchQuery, Window
from archive.access.reach import EVERYWHERE
from archive.call.events import CallRefused
from archive.catalog.database.engine import writing
from archive.catalog.register.legal_holds import activate, open_hold
from archive.ids import HoldId, RecordingId
from archive.lifecycle.hold_scope import ByQuery
from retention.rules.rule import Asset, RetentionRule
from tests.api.destruction.scene import AFTER_A_YEAR, DAY_US, Installation
from tests.archive.catalog.examples import TOKYO, author
from tests.archive.examples import START_US
from tests.retention.examples import rule, terms
from tests.support.hold_scenes import TERMS

CALLER = "sip:+81312345678@example.com"


def ledger_rule(after: str = "P1Y", at_least: str = "", own: str = "ledger") -> RetentionRule:
    """A rule about the ledger alone."""
    return replace(rule(own), terms={Asset.LEDGER: terms(at_least, after)})


def turned_away(*days: float) -> list[CallRefused]:
    """A call so many days after the first recordings, of each."""
    return [
        CallRefused(
            at_us=int(START_US + day * DAY_US), source="pbx", transport="udp", peer="192.0.2.7",
            call_id=f"away-{day}", from_value=CALLER, to_value="", status=503, reason="full",
        )
        for day in days
    ]  # fmt: skip


def with_page(it: Installation, *days: float) -> RecordingId:
    """Archive a page of such calls; its id."""
    it.archive(1, turned_away(*days))
    return it.recordings[-1]


def ruled(it: Installation, after: str = "P1Y") -> None:
    """Take a policy over that has the ledger go, too."""
    it.take_over(AFTER_A_YEAR, ledger_rule(after))


def day(number: float) -> datetime:
    """So many days after the first recordings."""
    return datetime.fromtimestamp((START_US + number * DAY_US) / 1_000_000, UTC)


def hold(it: Installation, begin: float, end: float, *, future: bool, placed: float) -> None:
    """A hold over a search in these days, placed on a day."""
    window = Window(start_at=day(begin), end_at=day(end), zone=TOKYO)
    by = author()
    by = replace(by, access=replace(by.access, at_us=int(START_US + placed * DAY_US)))
    terms = replace(TERMS, scope=ByQuery(SearchQuery(window=window), EVERYWHERE), future=future)
    with writing(it.it.engine) as connection:
        own = open_hold(connection, by, HoldId(secrets.token_bytes(16)), terms)
        activate(connection, by, own, {})
