"""The journal: who did what to which recording, appended and never changed.

Knows nothing of who may do it, and keeps no whole telephone number: it outlives every erasure.
What people typed lies beside the entry (`archive/access/journal_texts.py`). What is asked of it is
in
`archive/catalog/search/audit.py`.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, func, insert, select

from archive.access.journal_texts import Detail as Detail, SealedText, read_text, seal_text, split
from archive.access.opening_text import encode_text
from archive.catalog.tables.catalog import journal, journal_text
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import ID_BYTES, RecordingId, TenantId

# docs/access.md says of each when it is written.
Action = Literal[
    "adopted",
    "part_lost",
    "part_found",
    "mentions_read",
    "searched",
    "found",
    "read",
    "listened",
    "played",
    "exported",
    "verified",
    "ledger_seen",
    "traced",
    "journal_seen",
    "refused",
    "broke_glass",
    "corrected",
    "live_seen",
    "live_paused",
    "live_resumed",
    "live_started",
    "live_stopped",
    "live_told",
    "agents_imported",
    "people_seen",
    "user_added",
    "user_disabled",
    "user_confirmed",
    "role_given",
    "role_taken",
    "os_name_given",
    "os_name_taken",
    "service_added",
    "token_created",
    "token_revoked",
    "proposed",
    "approved",
    "approval_withdrawn",
    "proposal_withdrawn",
    "proposal_rejected",
    "proposal_commented",
    "proposal_expired",
    "carried_out",
    "one_person_declared",
    "one_person_ended",
    "signed_in",
    "sign_in_failed",
    "signed_out",
    "credential_set",
    "sign_in_code_made",
    "rows_sealed_again",
    "policy_taken_over",
    "policy_called_back",
    "certified",
    "proof_drawn",
    "hold_placed",
    "hold_activated",
    "hold_cancelled",
    "hold_released",
    "job_started",
    "job_cancelled",
    "epoch_turn_asked",
    "keystore_backed_up",
    "catalog_backed_up",
    "measure_taken",
    "measure_lifted",
    "keystore_shut",
    "keystore_replayed",
    "keystore_freed",
    "events_told",
    "destruction_planned",
    "plan_approved",
    "plan_stopped",
    "standing_ended",
    "destruction_intended",
    "destruction_kept",
    "destroyed",
    "destruction_ended",
    "texts_destroyed",
    "clock_set",
    "clock_confirmed",
]

# What shows, plays or hands out something of the one call or recording that it is about.
SHOWING: Final[tuple[Action, ...]] = ("read", "listened", "exported", "verified", "traced")
# In the detail of what is done to one recording. Without it the same id may mean its whole call.
ONE_RECORDING: Final[Mapping[str, Detail]] = {"of": "recording"}
# A page of the journal: what a terminal or a screen shows at once.
MAX_PAGE: Final = 500

# SQLite never gives a place twice, and none that is empty. A server's own numbers go on where a
# transaction is given up; it has one writer at a time, who takes the next place.
_NEXT: Final = select(func.coalesce(func.max(journal.c.seq), 0) + 1).scalar_subquery()
_APPEND: Final = {
    "sqlite": insert(journal).returning(journal.c.seq),
    "postgresql": insert(journal).values(seq=_NEXT).returning(journal.c.seq),
}
_APPEND_TEXT: Final = insert(journal_text)
_TOLD: Final = ("at_us", "actor", "action", "target", "reason", "detail")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line: `target` is an id or a name ("" for a search), `reason` why, as the actor says.

    `shown` are the recordings on a page of a search, or whose keys are opened under it.
    """

    tenant: TenantId
    at_us: int
    actor: str
    action: Action
    target: str
    reason: str = ""
    detail: Mapping[str, Detail] = field(default_factory=dict)
    shown: tuple[RecordingId, ...] = ()


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """An entry with its place in the journal; since when its texts are gone, None: they are not."""

    seq: int
    entry: Entry
    texts_gone_us: int | None = None


@dataclass(frozen=True, slots=True)
class WrittenEntry:
    """An entry at its place. Where it opens keys: its id for the key daemon, and what that is told.

    `told` has no text that somebody typed, but its digest: it is as it was when the text is gone.
    """

    seq: int
    entry: Entry
    opening: bytes = b""
    told: bytes = b""


def append(connection: Connection, entry: Entry) -> int:
    """Write one entry in the caller's transaction; returns its place, which only grows."""
    return _write(connection, entry, b"").seq


def append_opening(connection: Connection, entry: Entry) -> WrittenEntry:
    """The same of an entry that opens the keys of the recordings that it shows."""
    return _write(connection, entry, secrets.token_bytes(ID_BYTES))


def _write(connection: Connection, entry: Entry, opening: bytes) -> WrittenEntry:
    reason, detail, text = split(entry.action, entry.reason, entry.detail)
    sealed = seal_text(text) if text else None
    line = {
        "tenant": ensure_tenant(connection, entry.tenant),
        "at_us": entry.at_us,
        "actor": entry.actor,
        "action": entry.action,
        "target": entry.target,
        "reason": reason,
        "detail": _text(detail),
        "shown": b"".join(each.raw for each in entry.shown) or None,
        "text_digest": sealed.digest if sealed else None,
        "opening": opening or None,
    }
    seq: int = connection.execute(_APPEND[connection.dialect.name], line).scalar_one()
    if sealed:
        connection.execute(_APPEND_TEXT, _text_row(seq, line, sealed))
    return WrittenEntry(seq, entry, opening, told_text(line, entry.tenant) if opening else b"")


def told_text(line: Mapping[str, Any], tenant: TenantId) -> bytes:
    """What the key daemon is told of a row that opens keys."""
    return encode_text(
        {
            "id": line["opening"].hex(),
            "tenant": str(tenant),
            "text": (line["text_digest"] or b"").hex(),
            "recordings": [each.hex() for each in ids_in(line["shown"])],
            **{name: line[name] for name in _TOLD},
        }
    )


def _text_row(seq: int, line: Mapping[str, object], sealed: SealedText) -> dict[str, object]:
    own = {"entry": seq, "salt": sealed.salt, "text": sealed.text}
    return own | {name: line[name] for name in ("tenant", "at_us")}


def told_entries() -> Select[tuple[object, ...]]:
    """Rows of entries, each with its texts where they are still there: what `entry_of` reads."""
    own = journal.outerjoin(journal_text, journal_text.c.entry == journal.c.seq)
    return select(journal, journal_text.c.text, journal_text.c.gone_us).select_from(own)


def is_of_one_recording() -> ColumnElement[bool]:
    """Whether an entry says that its target is a recording; quotes within texts are escaped."""
    return journal.c.detail.contains(_text(ONE_RECORDING)[1:-1], autoescape=True)


def _text(detail: Mapping[str, Detail]) -> str:
    return json.dumps(dict(detail), ensure_ascii=False, sort_keys=True)


def entry_of(row: Row[tuple[object, ...]], tenant: TenantId) -> JournalEntry:
    """The entry of a row as `told_entries` has it, which is the tenant's."""
    reason, texts = read_text(row.text) if row.text else (row.reason, {})
    entry = Entry(
        tenant=tenant,
        at_us=row.at_us,
        actor=row.actor,
        action=row.action,
        target=row.target,
        reason=reason or row.reason,
        detail=dict(sorted({**json.loads(row.detail), **texts}.items())),
        shown=tuple(map(RecordingId, ids_in(row.shown))),
    )
    return JournalEntry(row.seq, entry, row.gone_us)


def ids_in(shown: bytes | None) -> tuple[bytes, ...]:
    """The ids in the column `shown`."""
    whole = shown or b""
    return tuple(whole[at : at + ID_BYTES] for at in range(0, len(whole), ID_BYTES))
