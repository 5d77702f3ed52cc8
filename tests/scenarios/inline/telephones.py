"""Alice and Bob with telephones of pjsua2, and a call of theirs through the node.

Knows nothing of where the call passes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.scenarios.inline.node import ALICE, BOB
from tests.scenarios.inline.people import hear_each_other, heard_in_order
from tests.scenarios.phones import kamailio, pjsua
from tests.scenarios.phones.certificates import Certificate


def secured(made: Certificate) -> dict[str, Any]:
    """A pjsua2 that speaks TLS and SRTP, and nothing less."""
    return {
        "transport": "tls", "srtp": "mandatory", "certificate": made.certificate, "key": made.key,
    }  # fmt: skip


def known_at(proxy: kamailio.Proxy, key: str) -> dict[str, Any]:
    """A phone that registers there."""
    return {"registrar": proxy.uri, "password": key}


@contextmanager
def two(
    folder: Path, says: tuple[Path, Path], one: dict[str, Any], other: dict[str, Any]
) -> Iterator[tuple[pjsua.Phone, pjsua.Phone]]:
    """Alice and Bob with pjsua2, and what is special about either."""
    alice = pjsua.Settings(**{"user": "alice", "host": ALICE, "says": says[0], **one})
    bob = pjsua.Settings(user="bob", host=BOB, says=says[1], answers=True, **other)
    with pjsua.phone(folder, alice) as first, pjsua.phone(folder, bob) as second:
        yield first, second


def talked(alice: pjsua.Phone, bob: pjsua.Phone, uri: str) -> None:
    """Alice calls, both hear each other, she hangs up, and both have heard what they should."""
    ours = alice.call(uri)
    ours.talks()
    theirs = bob.rung()
    theirs.talks()
    hear_each_other(ours.heard, theirs.heard)
    ours.hang_up()
    heard_in_order(file_of(ours.ended()), file_of(theirs.ended()))


def file_of(heard: Path | None) -> Path:
    """What a phone has heard: something."""
    assert heard is not None
    return heard
