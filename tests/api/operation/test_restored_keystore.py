"""A keystore that is shut, as the API deals with it: when, who, and what is written down."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from api.access.approvals import Approvals
from api.operation.restored_keystore import RestoredKeystore
from api.people.confirmations import Confirmations
from api.permissions.errors import ApprovalNeeded, CountsAsOne, NotAllowed
from api.permissions.roles import Role
from archive.certificates.folder import CertificateFolder
from archive.keys.wire.gate_messages import ComparedAnswer, GateRow
from archive.set_hash import SetHash
from tests.api.epoch_keys import MemoryKeys
from tests.api.register import ROOT, Registered, register
from tests.api.signing import HOME, signing
from tests.told import all_told

SHUT = GateRow(is_open=False, known=0, counted=1, shut="count")


class Keys(MemoryKeys):
    """A key daemon that stays as it is until it is freed."""

    def __init__(self, gate: GateRow) -> None:
        super().__init__(gate)
        self.freed: list[tuple[GateRow, int, bool]] = []

    def compare_destroyed(
        self, catalog: SetHash, under_way: Sequence[bytes], *, is_settled: bool
    ) -> ComparedAnswer:
        self.asked.append("settled" if is_settled else "compare")
        return super().compare_destroyed(catalog, under_way, is_settled=is_settled)

    def free_keystore(self, gate: GateRow, journal: int, *, destroys: bool) -> GateRow:
        self.freed.append((gate, journal, destroys))
        return super().free_keystore(gate, journal, destroys=destroys)


def it_with(it: Registered, keys: Keys, folder: Path) -> RestoredKeystore:
    return RestoredKeystore(it.door, Approvals(it.door), keys, CertificateFolder(folder))


def actions(it: Registered) -> list[str]:
    with it.engine.connect() as connection:
        return [each.entry.action for each in all_told(connection)]


async def test_a_keystore_that_is_what_it_was_is_left_alone(tmp_path: Path) -> None:
    """Every start and every round but those after a restore: one question, no entry."""
    async with register(tmp_path) as it:
        keys = Keys(GateRow())
        await it_with(it, keys, tmp_path).check()

        assert keys.asked == ["compare"]
        assert not {"keystore_shut", "keystore_replayed"} & set(actions(it))


async def test_two_persons_free_it_and_one_does_not(tmp_path: Path) -> None:
    """Recordings that were destroyed may open again."""
    keys = Keys(SHUT)
    async with register(tmp_path) as it:
        one = it.person("one", Role.ADMINISTRATOR)
        other = it.person("other", Role.ADMINISTRATOR)
        keystore = it_with(it, keys, tmp_path)
        for _ in range(2):
            with pytest.raises(ApprovalNeeded) as needed:
                await keystore.free(one)
        assert not keys.freed
        await Approvals(it.door).give(other, needed.value.number)
        await keystore.free(one)
        with it.engine.connect() as connection:
            written = all_told(connection)

    (place,) = [each.seq for each in written if each.entry.action == "keystore_freed"]
    # Of exactly the state that was approved, with the entry that says by whom.
    assert keys.freed == [(SHUT, place, False)]


async def test_after_a_restore_in_which_everybody_was_reset_it_is_freed_within_the_hour(
    tmp_path: Path,
) -> None:
    """Nothing opens till then; root, who put the sets back, says of one that it knows it."""
    keys = Keys(SHUT)
    async with signing(tmp_path) as it:
        for name in ("one", "other"):
            await it.enrol(name, Role.ADMINISTRATOR)
        for name in ("one", "other"):
            reset = await it.codes.reset(ROOT, name)
            await it.set_both(await it.sign_in.with_code(reset.code, HOME))
        one, other = it.it.now("one"), it.it.now("other")
        approvals = Approvals(it.it.door)
        keystore = it_with(it.it, keys, tmp_path)
        with pytest.raises(ApprovalNeeded) as needed:
            await keystore.free(one)
        with pytest.raises(CountsAsOne) as refused:
            await approvals.give(other, needed.value.number)
        began_us = it.it.now_us
        for name in ("one", "other"):
            await Confirmations(it.it.door).confirm(ROOT, name)
        await approvals.give(other, needed.value.number)
        await keystore.free(one)
        took_us = it.it.now_us - began_us

    assert refused.value.bar.why == "reset"
    assert [gate for gate, _, _ in keys.freed] == [SHUT]
    assert took_us < 3_600_000_000


async def test_who_is_no_administrator_does_not_even_propose_it(tmp_path: Path) -> None:
    """Nor is anything asked of the key daemon."""
    keys = Keys(SHUT)
    async with register(tmp_path) as it:
        with pytest.raises(NotAllowed):
            await it_with(it, keys, tmp_path).free(it.person("legal", Role.LEGAL))

    assert keys.asked == []


async def test_there_may_be_nothing_to_free(tmp_path: Path) -> None:
    """A second one who asks."""
    async with register(tmp_path) as it:
        keystore = it_with(it, Keys(GateRow()), tmp_path)

        assert (await keystore.free(it.person("one", Role.ADMINISTRATOR))).is_open


async def test_it_is_compared_over_and_over(tmp_path: Path) -> None:
    """Somebody may put keys back while the API runs."""
    keys, stop = Keys(GateRow()), asyncio.Event()
    async with register(tmp_path) as it:

        class Counted(Keys):
            def compare_destroyed(
                self, catalog: SetHash, under_way: Sequence[bytes], *, is_settled: bool
            ) -> ComparedAnswer:
                answer = super().compare_destroyed(catalog, under_way, is_settled=is_settled)
                if len(self.asked) == 3:
                    loop.call_soon_threadsafe(stop.set)
                return answer

        loop = asyncio.get_running_loop()
        keys = Counted(GateRow())
        async with asyncio.timeout(60):
            await it_with(it, keys, tmp_path).run(stop, every_s=0.001)

    assert keys.asked == ["compare"] * 3
