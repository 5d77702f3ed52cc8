"""A copy of facts: sealed, opened, and opened by nothing else."""

from dataclasses import replace

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from archive.ids import DEFAULT_TENANT, KeyId, RecordingId
from archive.lifecycle.kept_facts import (
    FactsName,
    FactsUnread,
    KeptFacts,
    KeptLeg,
    open_facts,
    seal_facts,
)

KEY = bytes(range(32))
NAME = FactsName(DEFAULT_TENANT, RecordingId(b"r" * 16), KeyId(b"k" * 16))
FACTS = KeptFacts(
    call=b"c" * 16,
    recording={"source": "pbx", "started_us": 1},
    legs=(KeptLeg(own={"side": "customer"}, addresses=({"raw": "0312345678"},)),),
)


def test_what_was_sealed_opens_by_its_key_and_name() -> None:
    """And tells nothing to who has neither."""
    sealed = seal_facts(FACTS, NAME, KEY)

    assert open_facts(sealed, NAME, KEY) == FACTS
    assert b"0312345678" not in sealed
    assert seal_facts(FACTS, NAME, KEY) != sealed


@pytest.mark.parametrize(
    ("name", "key"),
    [
        (replace(NAME, recording=RecordingId(b"x" * 16)), KEY),
        (replace(NAME, key=KeyId(b"x" * 16)), KEY),
        (NAME, bytes(32)),
    ],
    ids=["another recording", "another key's id", "another key"],
)
def test_nothing_else_opens_it(name: FactsName, key: bytes) -> None:
    """A row that was put in another's place says so."""
    with pytest.raises(FactsUnread):
        open_facts(seal_facts(FACTS, NAME, KEY), name, key)


@pytest.mark.parametrize("length", [0, 11, 12, 20])
def test_a_copy_that_was_cut_does_not_open(length: int) -> None:
    """Wherever it was."""
    with pytest.raises(FactsUnread):
        open_facts(seal_facts(FACTS, NAME, KEY)[:length], NAME, KEY)


def test_a_copy_of_a_later_form_is_not_guessed_at() -> None:
    """It opens in the version that wrote it."""
    later = seal_facts(msgspec.structs.replace(FACTS, form=2), NAME, KEY)
    with pytest.raises(FactsUnread, match="form 2"):
        open_facts(later, NAME, KEY)


def test_what_a_copy_says_besides_is_passed_over() -> None:
    """The same form may gain names."""
    told = msgspec.to_builtins(FACTS) | {"call": FACTS.call, "mood": "good"}
    sealed = bytes(12) + AESGCM(KEY).encrypt(bytes(12), msgspec.msgpack.encode(told), NAME.aad)

    assert open_facts(sealed, NAME, KEY) == FACTS
