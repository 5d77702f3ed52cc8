"""The triggers that keep the journal and the register from being rewritten: whether they are there.

The migrations make them; a test compares the two. Knows nothing of what they guard.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

# By the name of each the first half of SHA-256 over its text, as SQLite keeps it; of PostgreSQL
# over its definition and the body of its function, with a mark where it was switched off.
EXPECTED: Final[Mapping[str, Mapping[str, str]]] = {
    "sqlite": {
        "certificate_is_not_deleted": "710ca1977c8a7c1015657138d4887f6e",
        "certificate_is_not_updated": "f49adce45b283645efa64e33d3b8de1f",
        "correction_keeps_its_places": "450354d911be4e01cd1be74ce4fd9273",
        "correction_keeps_its_words": "35d64fc370a81c5848ec04dc6eff0492",
        "hold_is_not_deleted": "6f246f08f1b7562e99518b2a21ff0952",
        "hold_is_not_rewritten": "4499e94b13504182c85d72b07bbe6240",
        "hold_recording_is_not_deleted": "a40f7273327ffcd6a14f1406a7572117",
        "journal_keeps_its_places": "a85d3924e5b5ce690bc62f13c68e5c51",
        "journal_keeps_its_rows": "132d7710e1d61a62f62c1e0dbf306627",
        "journal_keeps_its_words": "3a150a4a1f40195fe19864241241ad83",
        "journal_text_goes_whole": "d812433ec89208a45b65ef873a3b1093",
        "journal_text_keeps_its_places": "e3895dc714bc687491426ce4965f38b9",
        "journal_text_keeps_its_rows": "48f28cb77372324398d55db57a7eb4d1",
        "retention_event_is_not_deleted": "f381c66940368a5e5c67591ee59a41bf",
        "retention_event_is_not_updated": "bb24a941f828cbdd3e75350eb595eb88",
        "retention_revision_is_not_deleted": "82ff67dc80f124b71c51230461578823",
        "retention_revision_is_not_updated": "590a7e14bfb826e9b4f19b52d4568687",
        "revision_call_back_is_not_deleted": "259334b0650db3c1e80afdf892c764b4",
        "revision_call_back_is_not_updated": "f112dc8954ef343e6b15f5341168e04d",
        "tombstone_is_not_deleted": "809973dadec1549c37812f5990fce7e2",
        "tombstone_is_not_updated": "e0961e783f28cf72b84d0ebf73afe51d",
    },
    "postgresql": {
        "certificate_stays": "aedea545789d9ece34b100a038e67a23",
        "correction_keeps_its_words": "23668df303312535f7a494be9a6e524a",
        "hold_is_not_rewritten": "38376c9b7b695848a76f3e81eb479850",
        "hold_recording_stays": "f37165a2f5d32da7951a957856c3e51d",
        "hold_stays": "1b4e36dc9befca2a3c7f05f9d7a69754",
        "journal_keeps_its_rows": "43bddc4db7bc959ee76d4086925ce45b",
        "journal_text_goes_whole": "2c12114fa99ac24f2263ca394c5afa5b",
        "journal_text_keeps_its_rows": "09527283c5981a223266baef9eb599ca",
        "retention_event_stays": "c7e57a17bfe4af47cb8e6212f03d05d2",
        "retention_revision_stays": "3e07ceb03b2571947e8a4917ad229b72",
        "revision_call_back_stays": "087b6eb40dfbf65b65df42c3e9c47da9",
        "tombstone_stays": "baa67ff31043c2129108f78c4a66f5a9",
    },
}
_PRESENT: Final = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT t.tgname, pg_get_triggerdef(t.oid, true) || p.prosrc || "
        "CASE t.tgenabled WHEN 'O' THEN '' ELSE 'switched off' END"
        " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
    ),
}


@dataclass(frozen=True, slots=True)
class Guards:
    """Names of triggers that are not there, or are other ones than the migrations make."""

    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def present_guards(connection: Connection) -> dict[str, str]:
    """The digest of each trigger that there is, by its name."""
    found = connection.exec_driver_sql(_PRESENT[connection.dialect.name]).all()
    return {name: _digest(str(text)) for name, text in found}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def look_at_guards(connection: Connection) -> Guards:
    """Compare those that there are with those that must be; others may be there beside them."""
    present, expected = present_guards(connection), EXPECTED[connection.dialect.name]
    differs = (each for each in expected if present.get(each, expected[each]) != expected[each])
    return Guards(
        missing=tuple(sorted(set(expected) - set(present))),
        changed=tuple(sorted(differs)),
    )
