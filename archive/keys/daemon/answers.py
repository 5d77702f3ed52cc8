"""What the key daemon answers to whom.

Knows nothing of sockets: a role and a request go in, an answer comes out.
"""

import sqlite3
from dataclasses import dataclass
from typing import Final

from archive.backup.errors import SetOutdated
from archive.disk.sqlite_file import is_of_the_file
from archive.errors import ArchiveError, FrameDamaged, HeaderDamaged, KeyRefused, SignatureWrong
from archive.format.end import RECOVERED, End
from archive.format.floe import TAG_BYTES, FloeMessage, zero
from archive.format.header import HeaderBlock, aad_of, floe_header_of
from archive.format.intake import IntakePage, open_page, verify_page
from archive.ids import KeyId, RecordingId
from archive.keys.daemon.certificate_responder import CertificateResponder
from archive.keys.daemon.epoch_responder import EpochResponder
from archive.keys.daemon.gate_responder import GateResponder
from archive.keys.daemon.guard_responder import GuardResponder
from archive.keys.daemon.wire_ids import id_of
from archive.keys.daemon.work import KeystoreWork
from archive.keys.errors import NodeKeyDamaged, NodeUnknown, Refusal
from archive.keys.gate.rollback import Shut
from archive.keys.guard.facts_keys import FactsResponder
from archive.keys.guard.openings import Openings, WantedKey
from archive.keys.store.keystore import KeyState, Keystore
from archive.keys.store.nodes import NodeKeys
from archive.keys.store.pairs import KeyPairs
from archive.keys.wire import protocol as wire
from archive.keys.wire.facts_messages import KeepFacts
from archive.keys.wire.guard_messages import Destroy, EndPlan
from archive.keys.wire.message import AnsweredQuestion, AskerRole, AskMessage, Question
from archive.keys.wire.opening_messages import DataKeyAnswer, ListOpenings, Open, OpeningsAnswer

_SHUT: Final = {
    Shut.COUNT: Refusal.ROLLED_BACK,
    Shut.KEYSTORE: Refusal.ROLLED_BACK,
    Shut.CATALOG: Refusal.CATALOG_OLDER,
}


@dataclass(frozen=True, slots=True)
class Responders:
    """Who answers what is asked of holds and destroying, of epochs and sets, of certificates.

    And of facts that outlive audio, of the entries under which keys are opened, and of the gate.
    """

    guard: GuardResponder
    epochs: EpochResponder
    certificates: CertificateResponder
    facts: FactsResponder
    openings: Openings
    gate: GateResponder

    def rows(self) -> tuple[AnsweredQuestion, ...]:
        """What they answer, question by question."""
        return (
            *(*self.guard.rows(), *self.epochs.rows()),
            *(*self.certificates.rows(), *self.gate.rows()),
            KeepFacts.answered_by(self.facts.answer),
        )


class KeyDaemon:
    """Answers one request at a time; every refusal is an answer, none is an exception."""

    def __init__(
        self, keystore: Keystore, pairs: KeyPairs, nodes: NodeKeys, responders: Responders
    ) -> None:
        self._keystore = keystore
        self._pairs = pairs
        self._nodes = nodes
        self._responders = responders
        self._disk_refuses = ""
        self.table = dict((*self._rows(), *responders.rows()))

    def note_disk(self, reason: str) -> None:
        """Say from now on why the keystore's disk takes nothing; "" where it does."""
        self._disk_refuses = reason

    @property
    def work(self) -> KeystoreWork:
        """What it has to do by itself."""
        return self._responders.epochs.work

    def answer(self, role: AskerRole, ask: AskMessage) -> wire.Answer:
        """Do what is asked if this role may, and say why not where not."""
        if not isinstance(ask, Question) or role not in ask.asked_by:
            return wire.RefusedAnswer(refused=Refusal.NOT_PERMITTED)
        shut = self.work.gate.shut
        if shut and not ask.while_shut:
            return wire.RefusedAnswer(refused=_SHUT[shut])
        try:
            answer = self.table[type(ask)](ask)
        except (ArchiveError, sqlite3.OperationalError, OSError) as failed:
            return wire.RefusedAnswer(refused=_word_for(failed))
        except sqlite3.DatabaseError as failed:
            if not is_of_the_file(failed):
                raise
            return wire.RefusedAnswer(refused=Refusal.KEYS_UNAVAILABLE)
        self._after(ask)
        return answer

    def _after(self, ask: AskMessage) -> None:
        """What follows of itself from what was done."""
        match ask:
            case Destroy():
                self.work.wake()
            case EndPlan():
                self.work.wish_no_slack()

    def close(self) -> None:
        """Let go of the keystore; nothing is answered afterwards."""
        self._keystore.close()

    def _rows(self) -> tuple[AnsweredQuestion, ...]:
        return (
            wire.Adopt.answered_by(self._adopt),
            wire.OpenUnarchived.answered_by(self._open_unarchived),
            wire.SignEnd.answered_by(self._sign_end),
            wire.Confirm.answered_by(self._confirm),
            wire.MarkArchived.answered_by(self._mark_archived),
            Open.answered_by(self._open),
            ListOpenings.answered_by(self._openings),
            wire.Status.answered_by(self._status),
        )

    def _confirm(self, ask: wire.Confirm) -> wire.KeyStateAnswer:
        self._keystore.confirm(id_of(KeyId, ask.key_id))
        return wire.KeyStateAnswer(key_id=ask.key_id, state=KeyState.ADOPTED)

    def _mark_archived(self, ask: wire.MarkArchived) -> wire.KeyStateAnswer:
        self._keystore.mark_archived(id_of(KeyId, ask.key_id))
        return wire.KeyStateAnswer(key_id=ask.key_id, state=KeyState.ADOPTED)

    def _adopt(self, ask: wire.Adopt) -> wire.KeyStateAnswer:
        header = HeaderBlock.decode(ask.header)
        verify_page(ask.page, ask.header, self._nodes.find(header.node))
        state = self._keystore.adopted_before(header)
        if state is None:
            state = self._take_over(header, ask)
        return wire.KeyStateAnswer(key_id=header.key.raw, state=state)

    def _take_over(self, header: HeaderBlock, ask: wire.Adopt) -> KeyState:
        private = self._pairs.private_key(IntakePage.decode(ask.page).intake_key)
        data_key = open_page(ask.page, ask.header, private)
        try:
            # The header tag commits to the key: one that does not fit is not stored.
            FloeMessage.open(data_key, floe_header_of(ask.header), aad_of(ask.header)).close()
            self._pairs.note_used(private.id)
            return self._keystore.adopt(header, data_key)
        finally:
            zero(data_key)

    def _open_unarchived(self, ask: wire.OpenUnarchived) -> DataKeyAnswer:
        key_id = id_of(KeyId, ask.key_id)
        row = self._keystore.find(key_id)
        if row is not None and row.is_archived:
            raise KeyRefused(Refusal.ALREADY_ARCHIVED)
        return DataKeyAnswer(data_key=self._keystore.open(key_id))

    def _sign_end(self, ask: wire.SignEnd) -> wire.SignatureAnswer:
        """Of what is archived no other END is ever signed."""
        if self._keystore.require(id_of(KeyId, ask.key_id)).is_archived:
            raise KeyRefused(Refusal.ALREADY_ARCHIVED)
        end = _end_of(ask)
        if end.reason != RECOVERED or end.signature or len(ask.header_tag) != TAG_BYTES:
            raise KeyRefused(Refusal.MALFORMED)
        signed = end.signed(self._pairs.signing_key().sign, ask.header_tag)
        return wire.SignatureAnswer(signature=signed.signature)

    def _open(self, ask: Open) -> DataKeyAnswer:
        key_id = id_of(KeyId, ask.key_id)
        own, _, _ = self._keystore.require(key_id).part
        wanted = WantedKey(key_id, RecordingId(own))
        self._responders.openings.allow(AskerRole.API, wanted, ask.entry)
        return DataKeyAnswer(data_key=self._keystore.open(key_id))

    def _openings(self, ask: ListOpenings) -> OpeningsAnswer:
        return self._responders.openings.listed(ask.after)

    def _status(self, _: wire.Status) -> wire.StatusAnswer:
        status = self._keystore.status()
        return wire.StatusAnswer(
            epoch=status.epoch,
            live=status.live,
            adopted=status.adopted,
            destroyed=status.destroyed,
            oldest_live_us=status.oldest_live_us,
            placing=status.placing,
            disk_refuses=self._disk_refuses,
            clock=self._responders.guard.clock.facts(),
        )


def _word_for(failed: ArchiveError | sqlite3.OperationalError | OSError) -> str:
    match failed:
        case KeyRefused():
            return str(failed)
        case SignatureWrong():
            return Refusal.SIGNATURE_WRONG
        case HeaderDamaged():
            return Refusal.PAGE_DAMAGED
        case SetOutdated():
            return Refusal.SET_OUTDATED
        case NodeUnknown() | NodeKeyDamaged():
            return Refusal.NODE_UNKNOWN
        case _:
            # The key service or the keystore's disk: asking again later may help.
            return Refusal.KEYS_UNAVAILABLE


def _end_of(ask: wire.SignEnd) -> End:
    try:
        return End.decode(ask.end)
    except FrameDamaged as broken:
        raise KeyRefused(Refusal.MALFORMED) from broken
