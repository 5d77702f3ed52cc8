"""The SIP messages of calls: of those that were recorded, and of those that were turned away.

Knows nothing of the web, nor of how messages are drawn.
"""

from dataclasses import dataclass

from api.access.authorization import Door
from api.calls.recording_forms import AudioSource
from api.calls.retrieval import target_of
from api.permissions.actor import Actor
from api.permissions.errors import NotFound
from archive.access.reach import is_everywhere
from archive.call.events import SipMessage
from archive.call.sip_dialogs import call_id_of
from archive.catalog.access.grants import TraceGrant
from archive.catalog.database.engine import read
from archive.catalog.search.calls import not_lost, stored
from archive.catalog.search.ledger_pages import page_of, stored_page
from archive.ids import TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """SIP messages, by the id of a call."""

    door: Door
    audio: AudioSource

    async def messages(self, actor: Actor, text: str) -> tuple[tuple[SipMessage, ...], ...]:
        """The messages of each recording of a call, which is named as `Calls.named` takes it.

        Of a call that was turned away they stand on a page with those of others, which are left
        out. Raises `Refused`, `NotFound`, `Ambiguous`, `KeyUnavailable`, `RecordingDamaged`.
        """
        access = await self.door.access(actor, TraceGrant)
        try:
            target = await target_of(self.door.engine, access, text)
        except NotFound:
            # What was turned away has no queue and no team: only who reaches everything sees it.
            if not is_everywhere(access.within.reach):
                raise
            return (await self._turned_away(actor, access.tenant, text),)
        granted = await self.door.grant(actor, TraceGrant, target)
        found = await read(self.door.engine, lambda c: stored(c, target, granted))
        return tuple([tuple(await self.audio.messages(each, granted)) for each in not_lost(found)])

    async def _turned_away(
        self, actor: Actor, tenant: TenantId, text: str
    ) -> tuple[SipMessage, ...]:
        """What was said of one call, of all that stand on its page; raises `NotFound`."""
        page = await read(self.door.engine, lambda c: page_of(c, tenant, text))
        if page is None:
            raise NotFound("no such call")
        granted = await self.door.grant_unseen(actor, TraceGrant, page)
        parts = await read(self.door.engine, lambda c: stored_page(c, page, granted))
        said = await self.audio.page_messages(parts, granted)
        return tuple(message for message in said if call_id_of(message) == text)
