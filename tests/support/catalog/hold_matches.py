"""What tests of hold matches share."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from archive.access.query import ALWAYS, Clue, SearchQuery
from archive.access.reach import EVERYWHERE
from archive.call.corrections import Change
from archive.catalog.access.grants import Ask, CorrectGrant, grant
from archive.catalog.database.engine import reading, writing
from archive.catalog.holds.hold_matches import HoldMatcher
from archive.catalog.index.amendment import correct
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.register.legal_holds import StoredHold, activate, hold_numbered, open_hold
from archive.catalog.tables.catalog import hold_recording
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT, HoldId, RecordingId
from archive.lifecycle.hold_scope import ByQuery
from archive.lifecycle.legal_holds import HoldTerms
from tests.archive.catalog.examples import NOW_US, access, author, new_catalog
from tests.archive.hold_clients import MemoryClient
from tests.support.hold_scenes import TERMS


class Site:
    """A catalog whose keeper and API have a key daemon."""

    def __init__(self, folder: Path) -> None:
        self.engine = new_catalog(folder)
        self.key_client = MemoryClient()
        self.matcher = HoldMatcher(self.key_client, lambda: NOW_US)
        self.writer = CatalogWriter(self.engine, lambda: NOW_US, self.matcher)

    def place(self, *clues: Clue, state: str = "active", **terms: bool) -> StoredHold:
        """A hold over what comes, of which there is nothing yet."""
        query = SearchQuery(window=ALWAYS, clues=clues)
        wanted = replace(TERMS, scope=ByQuery(query, EVERYWHERE), **{"future": True, **terms})
        return self.open(wanted, state)

    def open(self, wanted: HoldTerms, state: str = "active") -> StoredHold:
        """The same of anything."""
        with writing(self.engine) as connection:
            tenant = ensure_tenant(connection, DEFAULT_TENANT)
            own = HoldId(len(self.key_client.held).to_bytes(16, "big"))
            placed = open_hold(connection, author(), own, wanted)
            self.key_client.place_hold(own, DEFAULT_TENANT)
            if state == "active":
                activate(connection, author(), placed, {})
                self.key_client.activate_hold(own)
            return hold_numbered(connection, tenant, placed.number)

    def has(self, own: StoredHold) -> dict[int, str]:
        """What a hold has: number of the recording, state."""
        with reading(self.engine) as connection:
            rows = connection.execute(
                select(hold_recording.c.recording, hold_recording.c.state).where(
                    hold_recording.c.hold == own.number
                )
            )
            return {int.from_bytes(raw[8:]) & 0xFFFF: state for raw, state in rows}

    def correct(self, own: RecordingId, change: Change) -> None:
        granted = grant(self.engine, CorrectGrant, Ask(access=access(), target=own))
        with writing(self.engine) as connection:
            correct(connection, own, change, "heard", granted, self.matcher)
