"""Tests of both parties of a call, with a wire between them that a server plays."""

import asyncio
from pathlib import Path

from bench.inline_peers import Callee, invite
from bench.inline_sdp import parties
from bench.inline_server import inline_config
from bench.server import _CONFIG, FIRST_RTP_PORT, LAST_RTP_PORT
from rokuon.config.load import load
from rokuon.selftest.messages import Dialog, Response, ack, bye, parse

DIALOG = Dialog(
    call_id=b"one@bench", local_tag=b"a", remote_tag=b"", remote_target=b"sip:+815000@127.0.0.2:9",
    server=b"127.0.0.2:9", local=b"127.0.0.1:8", transport=b"UDP",
)  # fmt: skip
CALLER, CALLEE = parties([4_000, 4_002], (b"", b""))


def answers(callee: Callee, message: bytes) -> Response:
    sent: list[bytes] = []
    callee._send = lambda data, _: sent.append(data)
    callee.datagram_received(message, ("127.0.0.1", 8))
    (answered,) = map(parse, sent)
    assert isinstance(answered, Response)
    return answered


async def test_an_expected_number_is_answered_and_hung_up() -> None:
    """With a tag, a contact and where the callee hears; the leg knows what has come."""
    callee = Callee()
    leg = callee.expect(b"+815000", CALLEE)
    answered = answers(callee, invite(DIALOG, 1, b"z9hG4bK1", CALLER.describe()))

    assert (answered.status, answered.to_tag) == (200, b"+815000")
    assert answered.body == CALLEE.describe()
    assert leg.told is not None
    assert leg.told.port == 4_000
    callee.datagram_received(ack(DIALOG, 1, b"z9hG4bK2"), ("127.0.0.1", 8))
    assert leg.acknowledged
    assert answers(callee, bye(DIALOG, 2, b"z9hG4bK3")).status == 200
    assert leg.ended.is_set()


async def test_what_nobody_expects_is_refused_and_noted() -> None:
    """A request about a call that is over would be a fault of the server."""
    callee = Callee()
    await asyncio.sleep(0)

    assert answers(callee, invite(DIALOG, 1, b"z9hG4bK1", CALLER.describe())).status == 404
    assert answers(callee, bye(DIALOG, 2, b"z9hG4bK2")).status == 481
    assert callee.strange == [b"BYE"]


def test_the_configuration_is_one_that_the_recorder_reads(tmp_path: Path) -> None:
    """Unknown keys are refused; a bench must not find that out an hour later."""
    path = tmp_path / "rokuon.toml"
    path.write_text(
        _CONFIG.format(
            data=tmp_path / "var", sip_port=1_024, http_port=1_025, first=FIRST_RTP_PORT,
            last=LAST_RTP_PORT, quarantine=30, max_calls=50,
        )
        + inline_config(4_000, secure=True, noticed=True)
    )  # fmt: skip
    config = load(path)

    assert [route.name for route in config.route] == ["noticed", "plain"]
    assert config.target[0].srtp == "require"
