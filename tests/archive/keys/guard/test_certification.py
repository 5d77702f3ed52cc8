"""What the key daemon signs of a run: exactly what it has destroyed in it."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.certificates.merkle import root
from archive.certificates.statement import MAX_BELOW_BYTES, read_signed, recording_leaf
from archive.errors import KeyRefused
from archive.ids import DEFAULT_TENANT, PlanId
from archive.keys.epochs.assurance import Assurance, BackupEnd
from archive.keys.errors import Refusal
from archive.keys.guard.certification import Certification, backups_of
from archive.keys.guard.plans import end_plan
from archive.lifecycle.tombstone import digest_of
from tests.archive.keys.scene import NOW_US
from tests.archive.keys.vault import PLAN, Vault, add_key, approve, destroy_at_fence, recording

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
BELOW = "journal: 7\n"
SIGNED_US = NOW_US + 60_000_000


def ended(vault: Vault, numbers: range, plan: PlanId = PLAN) -> None:
    """These were destroyed by a plan that has ended, each a microsecond after the last."""
    approve(vault.connection, numbers, plan=plan)
    for number in numbers:
        destroy_at_fence(vault.connection, [number], plan=plan, now_us=NOW_US + number)
    while not end_plan(vault.connection, plan):
        pass


def certification(vault: Vault) -> Certification:
    return Certification(vault.connection, lambda: SIGNED_US, lambda: KEY)


def said_of(number: int) -> bytes:
    return sha256(bytes([number])).digest()


def in_order(numbers: range) -> list[int]:
    return sorted(numbers, key=lambda each: digest_of(recording(each)))


def leaf(number: int) -> bytes:
    return recording_leaf(digest_of(recording(number)), NOW_US + number, said_of(number))


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "keystore.db", recordings=12)


def test_it_signs_the_root_over_what_it_has_destroyed(vault: Vault) -> None:
    """In steps: nobody waits until a tree of a great run is made."""
    ended(vault, range(10))
    made, order = certification(vault), in_order(range(10))
    made.begin(PLAN)
    at = 0
    for some in (order[:3], order[3:4], order[4:]):
        at = made.add(PLAN, at, [said_of(each) for each in some])
    read = read_signed(made.finish(PLAN, BELOW))
    read.note.verify()
    said = read.statement

    assert said.destroyed.root == root([leaf(each) for each in order])
    assert (said.destroyed.recordings, said.signed_us) == (10, SIGNED_US)
    assert (said.destroyed.first_us, said.destroyed.last_us) == (NOW_US, NOW_US + 9)
    assert (said.name.tenant, said.name.run, said.name.plan) == (
        DEFAULT_TENANT,
        PLAN.raw,
        bytes(32),
    )
    assert read.below == BELOW


def test_a_recording_of_many_keys_is_one_leaf(vault: Vault) -> None:
    """Recordings are counted, not files."""
    add_key(vault.connection, 20, 0)
    add_key(vault.connection, 20, 1)
    approve(vault.connection, [20], keys=2)
    destroy_at_fence(vault.connection, [20], now_us=NOW_US + 20)
    end_plan(vault.connection, PLAN)
    made = certification(vault)
    made.begin(PLAN)
    made.add(PLAN, 0, [said_of(20)])

    assert read_signed(made.finish(PLAN, BELOW)).statement.destroyed.root == leaf(20)


def test_it_signs_nothing_of_which_it_has_not_destroyed_all(vault: Vault) -> None:
    """Neither more recordings than went, nor fewer; nor those of another run."""
    other = PlanId(b"other".ljust(16))
    ended(vault, range(3))
    ended(vault, range(3, 9), other)
    made = certification(vault)
    made.begin(PLAN)

    with pytest.raises(KeyRefused, match=Refusal.NOT_DESTROYED):
        made.add(PLAN, 0, [bytes(32)] * 4)
    made.add(PLAN, 0, [bytes(32)] * 2)
    with pytest.raises(KeyRefused, match=Refusal.NOT_ALL_CERTIFIED):
        made.finish(PLAN, BELOW)
    with pytest.raises(KeyRefused, match=Refusal.OUT_OF_ORDER):
        made.finish(other, BELOW)


def test_nothing_is_signed_while_more_may_go(vault: Vault) -> None:
    """Else a recording could be destroyed behind the certificate of its run."""
    approve(vault.connection, range(5))
    destroy_at_fence(vault.connection, [0])

    with pytest.raises(KeyRefused, match=Refusal.PLAN_GOES_ON):
        certification(vault).begin(PLAN)
    with pytest.raises(KeyRefused, match=Refusal.PLAN_UNKNOWN):
        certification(vault).begin(PlanId(b"other".ljust(16)))


def test_a_run_that_destroyed_nothing_has_no_certificate(vault: Vault) -> None:
    """There is nothing to certify."""
    approve(vault.connection, range(2))
    end_plan(vault.connection, PLAN)
    made = certification(vault)
    made.begin(PLAN)

    with pytest.raises(KeyRefused, match=Refusal.NOT_ALL_CERTIFIED):
        made.finish(PLAN, BELOW)


def test_a_step_that_comes_twice_or_out_of_turn_is_refused(vault: Vault) -> None:
    """A request whose answer was lost is asked again: nobody is added twice."""
    ended(vault, range(4))
    made = certification(vault)
    with pytest.raises(KeyRefused, match=Refusal.OUT_OF_ORDER):
        made.add(PLAN, 0, [bytes(32)])
    made.begin(PLAN)
    made.add(PLAN, 0, [bytes(32)])

    for at in (0, 2):
        with pytest.raises(KeyRefused, match=Refusal.OUT_OF_ORDER):
            made.add(PLAN, at, [bytes(32)])
    made.begin(PLAN)
    assert made.add(PLAN, 0, [bytes(32)] * 4) == 4


@pytest.mark.parametrize("below", ["", "root: a\n\n", "--\n", "x" * MAX_BELOW_BYTES, "a: b\x00\n"])
def test_only_lines_of_names_and_values_are_signed_below(vault: Vault, below: str) -> None:
    """What it does not understand it signs in a form that can be nothing else."""
    ended(vault, range(1))
    made = certification(vault)
    made.begin(PLAN)
    made.add(PLAN, 0, [bytes(32)])

    with pytest.raises(KeyRefused, match=Refusal.MALFORMED):
        made.finish(PLAN, below)


def test_what_else_this_key_signs_begins_otherwise(vault: Vault) -> None:
    """The list of intake keys has a beginning of its own: neither can pass for the other."""
    ended(vault, range(1))
    signed: list[bytes] = []

    class Watched:
        def public_key(self) -> object:
            return KEY.public_key()

        def sign(self, text: bytes) -> bytes:
            signed.append(text)
            return KEY.sign(text)

    made = Certification(vault.connection, lambda: SIGNED_US, Watched)  # type: ignore[arg-type]
    made.begin(PLAN)
    made.add(PLAN, 0, [bytes(32)])
    made.finish(PLAN, BELOW)

    assert signed[0].startswith(b"rokuon certificate of destruction 1\n")
    assert not signed[0].startswith(b"rokuon intake keys 1")


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ({}, "known_copies from 2026-11-25T00:00:00.000000Z"),
        ({"planned_us": None}, "known_copies"),
        ({"waits_for": (1,), "assurance": Assurance.ONE_PLACE}, "one_place"),
    ],
)
def test_a_date_is_said_only_where_one_is_known(end: dict[str, Any], said: str) -> None:
    """Where epochs turn on command alone, or one is held back, nobody knows it."""
    known: dict[str, Any] = {
        "epoch": 3,
        "ends_with": 33,
        "planned_us": NOW_US,
        "waits_for": (),
        "assurance": Assurance.KNOWN_COPIES,
    }

    assert str(backups_of(BackupEnd(**known | end))) == said
