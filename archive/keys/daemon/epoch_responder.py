"""What the key daemon answers of epochs, spools and sets.

Knows nothing of roles: who may ask is decided before. What takes long is only wished for here.
"""

import sqlite3
from dataclasses import dataclass
from typing import Final

from archive.backup.errors import SetDamaged
from archive.backup.sealed import LEAD_BYTES, SetKind, SetLead
from archive.errors import KeyRefused
from archive.ids import IntakeKeyId
from archive.keys.daemon.gate_responder import gate_row
from archive.keys.daemon.wire_ids import id_of
from archive.keys.daemon.work import KeystoreWork
from archive.keys.epochs.assurance import BackupEnd, TurnPlan, backup_end
from archive.keys.epochs.epoch_end import SpoolReport
from archive.keys.epochs.epochs import epoch_in_force, epochs
from archive.keys.epochs.keystore_sets import new_set_key_bytes, set_key_of
from archive.keys.epochs.turn import OpenKeystore
from archive.keys.errors import Refusal
from archive.keys.wire import epoch_messages as wire
from archive.keys.wire.message import AnsweredQuestion

# What a message holds with room to spare; N is 365 at the most, and older ones are destroyed.
EPOCHS_SHOWN: Final = 64


@dataclass(frozen=True, slots=True)
class EpochResponder:
    """Answers over the open keystore and its work."""

    opened: OpenKeystore
    work: KeystoreWork

    @property
    def plan(self) -> TurnPlan:
        """How epochs turn."""
        return self.work.plan

    def backup_end(self) -> BackupEnd:
        """From when on no backup opens what is destroyed now: for certificates."""
        return backup_end(epochs(self.opened.connection), self.plan)

    def rows(self) -> tuple[AnsweredQuestion, ...]:
        """Its rows of the daemon's table."""
        return (
            wire.ReadEpochs.answered_by(self._epochs),
            wire.TurnEpoch.answered_by(self._wish_turn),
            wire.BackUpKeystore.answered_by(self._wish_set),
            wire.ReportSpool.answered_by(self._report),
            wire.AskBackedUp.answered_by(self._backed_up),
            wire.WrapSetKey.answered_by(self._wrap_set_key),
            wire.OpenSetKey.answered_by(self._open_set_key),
        )

    def _wish_turn(self, _: wire.TurnEpoch) -> wire.TurnAnswer:
        self.work.wish_turn()
        return self._turn()

    def _wish_set(self, _: wire.BackUpKeystore) -> wire.TurnAnswer:
        self.work.wish_set()
        return self._turn()

    def _epochs(self, _: wire.ReadEpochs) -> wire.EpochsAnswer:
        held, end = self.work.end.why_held(), self.backup_end()
        known = epochs(self.opened.connection)[-EPOCHS_SHOWN:]
        rows = tuple(
            wire.EpochRow(
                number=each.number,
                created_us=each.created_us,
                state=each.state.value,
                destroyed_us=each.destroyed_us or 0,
                held_back=tuple(why.value for why in held.get(each.number, ())),
            )
            for each in reversed(known)
        )
        return wire.EpochsAnswer(
            epochs=rows,
            every_us=self.plan.every_us,
            keep=self.plan.keep,
            assurance=self.plan.assurance.value,
            turn=self._turn_row(),
            newest_set=_newest_set(self.opened.connection),
            unbacked=_unbacked(self.opened.connection),
            gate=gate_row(self.work.gate.state()),
            gone_with=end.ends_with,
            gone_us=end.planned_us or 0,
        )

    def _turn_row(self) -> wire.TurnRow | None:
        state, fault = self.work.turn.state(), self.work.fault
        if state is None:
            wished = self.work.turn.is_wished or fault
            return wire.TurnRow(fault=fault) if wished else None
        return wire.TurnRow(
            epoch=state.epoch,
            phase=state.phase.value,
            done=state.done,
            total=state.total,
            fault=fault,
        )

    def _turn(self) -> wire.TurnAnswer:
        return wire.TurnAnswer(epoch=epoch_in_force(self.opened.connection))

    def _report(self, ask: wire.ReportSpool) -> wire.TurnAnswer:
        if len(ask.sealed) > wire.MAX_INTAKE_KEYS:
            raise KeyRefused(Refusal.MALFORMED)
        sealed = tuple((id_of(IntakeKeyId, own), parts) for own, parts in ask.sealed)
        SpoolReport(sealed=sealed).write(self.opened.connection, self.opened.now_us())
        self.work.wake()
        return self._turn()

    def _backed_up(self, ask: wire.AskBackedUp) -> wire.BackedUpAnswer:
        if len(ask.parts) > wire.MAX_PARTS:
            raise KeyRefused(Refusal.MALFORMED)
        return wire.BackedUpAnswer(may_go=tuple(self._may_go(part) for part in ask.parts))

    def _may_go(self, part: tuple[bytes, int, int]) -> bool:
        """Its key is in the keystore and in a verified set of it."""
        row = self.opened.connection.execute(
            "SELECT EXISTS (SELECT 1 FROM unbacked WHERE unbacked.key_id = data_key.key_id)"
            " FROM data_key WHERE recording = ? AND part = ? AND generation = ?",
            part,
        ).fetchone()
        return row is not None and not row[0]

    def _wrap_set_key(self, ask: wire.WrapSetKey) -> wire.SetKeyAnswer:
        epoch = self._turn().epoch
        lead = SetLead(kind=SetKind.CATALOG, epoch=epoch, made_us=ask.made_us, size=ask.size)
        opened, wrapped = new_set_key_bytes(self.opened.service, lead)
        return wire.SetKeyAnswer(epoch=epoch, opened=opened, wrapped=wrapped)

    def _open_set_key(self, ask: wire.OpenSetKey) -> wire.SetKeyAnswer:
        try:
            lead = SetLead.decode(ask.lead)
        except SetDamaged as damaged:
            raise KeyRefused(Refusal.MALFORMED) from damaged
        if lead.kind is not SetKind.CATALOG or len(ask.lead) != LEAD_BYTES:
            raise KeyRefused(Refusal.NOT_PERMITTED)
        opened = set_key_of(self.opened.service, lead, ask.wrapped)
        return wire.SetKeyAnswer(epoch=lead.epoch, opened=opened, wrapped=ask.wrapped)


def _newest_set(connection: sqlite3.Connection) -> wire.SetRow:
    row = connection.execute(
        "SELECT name, epoch, made_us, keys FROM keystore_set ORDER BY made_us DESC LIMIT 1"
    ).fetchone()
    return (
        wire.SetRow()
        if row is None
        else wire.SetRow(name=row[0], epoch=row[1], made_us=row[2], keys=row[3])
    )


def _unbacked(connection: sqlite3.Connection) -> int:
    (count,) = connection.execute("SELECT count(*) FROM unbacked").fetchone()
    return int(count)
