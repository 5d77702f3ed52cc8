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
from archive.ids import ID_BYTES, KeyId, RecordingId
from archive.keys.daemon.certificate_responder import CertificateResponder
from archive.keys.daemon.epoch_responder import EpochResponder
from archive.keys.daemon.gate_responder import GateResponder
from archive.keys.daemon.guard_responder import GuardResponder
from archive.keys.daemon.work import KeystoreWork
from archive.keys.errors import NodeKeyDamaged, NodeUnknown, Refusal
from archive.keys.gate.rollback import Shut
from archive.keys.guard.facts_keys import FactsResponder
from archive.keys.guard.openings import Openings, WantedKey
from archive.keys.store.keystore import KeyState, Keystore
from archive.keys.store.nodes import NodeKeys
from archive.keys.store.pairs import KeyPairs
from archive.keys.wire.certificate_messages import (
    BeginCertificate,
    CertificateAnswer,
    CertificateAsk,
    CertifiedAnswer,
    Certify,
    SignCertificate,
)
from archive.keys.wire.epoch_messages import (
    AskBackedUp,
    BackUpKeystore,
    EpochAnswer,
    EpochAsk,
    OpenSetKey,
    ReadEpochs,
    ReportSpool,
    TurnEpoch,
    WrapSetKey,
)
from archive.keys.wire.facts_messages import FactsKeysAnswer, KeepFacts
from archive.keys.wire.gate_messages import (
    AddProof,
    AnyGateAnswer,
    BeginProof,
    CompareDestroyed,
    FreeKeystore,
    GateAsk,
    ListDestroyed,
    ReplayDestroyed,
)
from archive.keys.wire.guard_messages import (
    ActivateHold,
    CancelHold,
    ConfirmClock,
    Destroy,
    EndPlan,
    GuardAnswer,
    GuardAsk,
    HoldKeys,
    ListHolds,
    OpenPlan,
    PlaceHold,
    PlanText,
    ReadFence,
    ReleaseHold,
    SealPlan,
)
from archive.keys.wire.opening_messages import (
    DataKeyAnswer,
    ListOpenings,
    Open,
    OpeningAsk,
    OpeningsAnswer,
)
from archive.keys.wire.protocol import (
    Adopt,
    Answer,
    Ask,
    AskerRole,
    Confirm,
    KeyStateAnswer,
    MarkArchived,
    OpenUnarchived,
    RefusedAnswer,
    SignatureAnswer,
    SignEnd,
    Status,
    StatusAnswer,
)

_PERMITTED: Final = {
    # Holds of calls that are to come: matched by the keeper, before a key is marked archived.
    AskerRole.KEEPER: (
        *(Adopt, OpenUnarchived, SignEnd, Confirm, MarkArchived, HoldKeys, Status),
        *(ReportSpool, AskBackedUp),
    ),
    AskerRole.API: (
        *(Open, ListOpenings, Status, ReadFence, ListHolds),
        *(PlaceHold, HoldKeys, ActivateHold, CancelHold, ReleaseHold),
        *(OpenPlan, PlanText, SealPlan, EndPlan),
        *(ReadEpochs, TurnEpoch, BackUpKeystore, WrapSetKey, OpenSetKey),
        *(CompareDestroyed, ListDestroyed, BeginProof, AddProof, ReplayDestroyed, FreeKeystore),
        ConfirmClock,
    ),
    # Who may end a plan may only have less destroyed; no certificate of one that goes on is signed.
    AskerRole.RETENTION: (
        *(ReadFence, KeepFacts, Destroy, EndPlan, Status),
        *(BeginCertificate, Certify, SignCertificate),
    ),
}
# What may be asked of a keystore that is shut (docs/backup.md): a hold only keeps more, and while
# it is shut nothing goes that one lets go of.
_BEFORE_ALL_ELSE: Final = (
    *(Status, ReadEpochs),
    *(CompareDestroyed, ListDestroyed, BeginProof, AddProof, ReplayDestroyed, FreeKeystore),
    *(ReadFence, ListHolds, PlaceHold, HoldKeys, ActivateHold, CancelHold, ReleaseHold),
)
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

    def answer(
        self, ask: GuardAsk | EpochAsk | GateAsk | CertificateAsk | KeepFacts
    ) -> (
        GuardAnswer
        | EpochAnswer
        | AnyGateAnswer
        | CertifiedAnswer
        | CertificateAnswer
        | FactsKeysAnswer
    ):
        """The answer of whom it is for."""
        if isinstance(ask, CertificateAsk):
            return self.certificates.answer(ask)
        if isinstance(ask, KeepFacts):
            return self.facts.answer(ask)
        if isinstance(ask, GateAsk):
            return self.gate.answer(ask)
        return self.epochs.answer(ask) if isinstance(ask, EpochAsk) else self.guard.answer(ask)


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

    def note_disk(self, reason: str) -> None:
        """Say from now on why the keystore's disk takes nothing; "" where it does."""
        self._disk_refuses = reason

    @property
    def work(self) -> KeystoreWork:
        """What it has to do by itself."""
        return self._responders.epochs.work

    def answer(self, role: AskerRole, ask: Ask) -> Answer:
        """Do what is asked if this role may, and say why not where not."""
        if not isinstance(ask, _PERMITTED[role]):
            return RefusedAnswer(refused=Refusal.NOT_PERMITTED)
        shut = self.work.gate.shut
        if shut and not isinstance(ask, _BEFORE_ALL_ELSE):
            return RefusedAnswer(refused=_SHUT[shut])
        try:
            answer = self._do(role, ask)
        except (ArchiveError, sqlite3.OperationalError, OSError) as failed:
            return RefusedAnswer(refused=_word_for(failed))
        except sqlite3.DatabaseError as failed:
            if not is_of_the_file(failed):
                raise
            return RefusedAnswer(refused=Refusal.KEYS_UNAVAILABLE)
        self._after(ask)
        return answer

    def _after(self, ask: Ask) -> None:
        """What follows of itself from what was done."""
        match ask:
            case Destroy():
                self.work.wake()
            case EndPlan():
                self.work.wish_no_slack()

    def close(self) -> None:
        """Let go of the keystore; nothing is answered afterwards."""
        self._keystore.close()

    def _do(self, role: AskerRole, ask: Ask) -> Answer:
        match ask:
            case Adopt():
                return self._adopt(ask)
            case OpenUnarchived():
                return self._open_unarchived(_key_id(ask.key_id))
            case SignEnd() | Confirm() | MarkArchived():
                return self._go_on(ask)
            case Open() | ListOpenings():
                return self._opening(role, ask)
            case Status():
                return self._status()
            case _:
                return self._responders.answer(ask)

    def _go_on(self, ask: SignEnd | Confirm | MarkArchived) -> KeyStateAnswer | SignatureAnswer:
        key_id = _key_id(ask.key_id)
        match ask:
            case SignEnd():
                return self._sign_end(key_id, ask)
            case Confirm():
                self._keystore.confirm(key_id)
            case MarkArchived():
                self._keystore.mark_archived(key_id)
        return KeyStateAnswer(key_id=ask.key_id, state=KeyState.ADOPTED)

    def _adopt(self, ask: Adopt) -> KeyStateAnswer:
        header = HeaderBlock.decode(ask.header)
        verify_page(ask.page, ask.header, self._nodes.find(header.node))
        state = self._keystore.adopted_before(header)
        if state is None:
            state = self._take_over(header, ask)
        return KeyStateAnswer(key_id=header.key.raw, state=state)

    def _take_over(self, header: HeaderBlock, ask: Adopt) -> KeyState:
        private = self._pairs.private_key(IntakePage.decode(ask.page).intake_key)
        data_key = open_page(ask.page, ask.header, private)
        try:
            # The header tag commits to the key: one that does not fit is not stored.
            FloeMessage.open(data_key, floe_header_of(ask.header), aad_of(ask.header)).close()
            self._pairs.note_used(private.id)
            return self._keystore.adopt(header, data_key)
        finally:
            zero(data_key)

    def _open_unarchived(self, key_id: KeyId) -> DataKeyAnswer:
        row = self._keystore.find(key_id)
        if row is not None and row.is_archived:
            raise KeyRefused(Refusal.ALREADY_ARCHIVED)
        return DataKeyAnswer(data_key=self._keystore.open(key_id))

    def _sign_end(self, key_id: KeyId, ask: SignEnd) -> SignatureAnswer:
        """Of what is archived no other END is ever signed."""
        if self._keystore.require(key_id).is_archived:
            raise KeyRefused(Refusal.ALREADY_ARCHIVED)
        end = _end_of(ask)
        if end.reason != RECOVERED or end.signature or len(ask.header_tag) != TAG_BYTES:
            raise KeyRefused(Refusal.MALFORMED)
        signed = end.signed(self._pairs.signing_key().sign, ask.header_tag)
        return SignatureAnswer(signature=signed.signature)

    def _opening(self, role: AskerRole, ask: OpeningAsk) -> DataKeyAnswer | OpeningsAnswer:
        if isinstance(ask, ListOpenings):
            return self._responders.openings.listed(ask.after)
        key_id = _key_id(ask.key_id)
        own, _, _ = self._keystore.require(key_id).part
        self._responders.openings.allow(role, WantedKey(key_id, RecordingId(own)), ask.entry)
        return DataKeyAnswer(data_key=self._keystore.open(key_id))

    def _status(self) -> StatusAnswer:
        status = self._keystore.status()
        return StatusAnswer(
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


def _end_of(ask: SignEnd) -> End:
    try:
        return End.decode(ask.end)
    except FrameDamaged as broken:
        raise KeyRefused(Refusal.MALFORMED) from broken


def _key_id(raw: bytes) -> KeyId:
    if len(raw) != ID_BYTES:
        raise KeyRefused(Refusal.MALFORMED)
    return KeyId(raw)
