"""After a destruction nothing of the call is in any file of the installation, byte by byte.

The call is used before as calls are: found, heard, corrected, backed up.
"""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Final

import pytest

from tests.scenarios import owner
from tests.scenarios.clocks import Clock
from tests.scenarios.owner import typed
from tests.scenarios.remnants import (
    Forms,
    Installation,
    forms_of_key,
    forms_of_number,
    found,
    wraps_under_living_keys,
)
from tests.scenarios.server import HOST, KNOWN_PEER, STRANGER, Server
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.waiting import NeverCame, until

pytestmark = pytest.mark.scenario

# So many turns of an epoch a backup can be restored.
_KEPT: Final = 2
_EPOCHS: Final = f"""\
[keys]
turn_every_h = 0
keep_epochs = {_KEPT}
"""
# Calls that were turned away must go after a day, too.
_LEDGER: Final = """
[[rule]]
id = "turned-away"
[rule.ledger]
delete_after = "P1D"
"""
_NO_SOUND: Final = "v=0\r\nc=IN IP4 127.0.0.2\r\nm=video 9 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n"


@pytest.fixture
def aging(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Stage, Clock]]:
    """A Rokuon whose epochs turn when it is asked for, and its clock."""
    with owner.aging(monkeypatch, more=_EPOCHS) as both:
        yield both


def _used(server: Server, call: str, number: str) -> None:
    """Whatever may leave a copy: searches, the ladder, audio, a note, a correction, sets."""
    window = ("--from", "2020-01-01", "--to", "2099-01-01", "--zone", "UTC")
    server.command("calls", "find", *window, "--number", number)
    server.command("calls", "find", *window, "--number", number[-4:])
    server.command("calls", "trace", call)
    server.command("calls", "note", call, f"wants to be called back at {number}")
    server.command("calls", "correct", call, "queue", "trial", "--reason", f"said by {number}")
    typed(server, "calls", "show", call)
    server.command("backup", "create")


def _turned_away(server: Server, number: str) -> None:
    """A call from a number that cannot be recorded; it is in a page of the ledger by then."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as peer:
        peer.bind((STRANGER, 0))
        peer.settimeout(10)
        peer.connect((HOST, server.sip_port))
        via = f"{STRANGER}:{peer.getsockname()[1]}"
        for method in ("INVITE", "ACK"):
            body = _NO_SOUND if method == "INVITE" else ""
            head = (
                f"{method} sip:rec@{HOST} SIP/2.0", f"Via: SIP/2.0/UDP {via};branch=z9hG4bK-away",
                f"From: <sip:{number}@{STRANGER}>;tag=away", f"To: <sip:rec@{HOST}>",
                "Call-ID: turned-away", f"CSeq: 1 {method}", "Max-Forwards: 70",
                f"Contact: <sip:src@{via}>;+sip.src", "Require: siprec",
                "Content-Type: application/sdp", f"Content-Length: {len(body)}",
            )  # fmt: skip
            peer.send("\r\n".join((*head, "", body)).encode())
            while method == "INVITE" and b" 488 " not in peer.recv(65536):
                pass
    window = ("--from", "2020-01-01", "--to", "2099-01-01")
    until(
        lambda: (
            [row for row in server.rows("calls", "ledger", *window) if row["status"] == 488] or None
        ),
        "a row of the ledger",
        within_s=30,
    )


def _destroyed(server: Server, clock: Clock) -> None:
    owner.take_over_policy(server, _LEDGER)
    clock.put_forward(days=3)
    typed(server, "retention", "plan")
    owner.run_applied(server)
    owner.certified(server)


def _named(name: str, forms: Forms) -> Forms:
    return {f"{name}: {form}": secret for form, secret in forms.items()}


def _all_gone(look: Callable[[], list[str]]) -> None:
    """A pass over a database may still be under way; what it does not reach is named."""
    seen: list[str] = []

    def is_gone() -> bool | None:
        seen[:] = look()
        return not seen or None

    with suppress(NeverCame):
        until(is_gone, "nothing", within_s=30)
    assert seen == []


def _has_ended(server: Server, epoch: int) -> bool:
    """Its key is gone, and with it whatever it opened."""
    (found,) = server.rows("keys", "epoch", str(epoch))
    return bool(found["state"] == "destroyed")


def test_no_file_has_the_key_of_a_destroyed_call_nor_its_number_or_name(
    aging: tuple[Stage, Clock],
) -> None:
    """Catalog, keystore, logs of both, spool, archive, kept pages, sets, the daemons' own log.

    Sets of before hold a wrap until their epoch has ended: two turns later, here.
    """
    stage, clock = aging
    server, number = stage.server, fresh_number()
    site = Installation(server.configuration)
    call = owner.recorded(stage, number, name="Zyxomura")
    ((_, key),) = site.data_keys().items()
    _used(server, call, number)
    away = fresh_number()
    _turned_away(server, away)
    name = {"name": b"Zyxomura", "name, folded": b"zyxomura"}
    told = forms_of_number(number) | name | _named("turned away", forms_of_number(away))
    secret = forms_of_key(key) | wraps_under_living_keys(site, key)
    sought = told | secret
    before = [form for form, own in sought.items() if found(site.files(), {form: own})]
    kept = owner.recorded(stage, host=KNOWN_PEER)
    _destroyed(server, clock)

    # It found them where they are: the search has teeth.
    teeth = {"digits", "reversed", "turned away: digits", "wrap under shard 1", *name}
    assert teeth <= set(before)
    _all_gone(lambda: found(site.files(), told | secret | wraps_under_living_keys(site, key)))
    for _ in range(_KEPT):
        server.command("keys", "rotate")
    # The keeper tells of its spool every ten minutes: without that no epoch ends.
    clock.put_forward(days=1)
    until(lambda: _has_ended(server, epoch=1) or None, "the end of the epoch", within_s=120)
    server.command("backup", "create")
    everything = told | secret | wraps_under_living_keys(site, key)
    _all_gone(lambda: found((*site.files(), *site.contents()), everything))
    assert server.command("calls", "trace", kept)
