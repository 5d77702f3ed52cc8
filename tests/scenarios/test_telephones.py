"""Telephones at Kamailio, with the settings of docs/how-to/kamailio-registrar.md."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import pytest
import soundfile

from tests.scenarios.hearing import find, hears, read, write
from tests.scenarios.inline.kept import notice
from tests.scenarios.phones import baresip, kamailio, pjsua
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS
from tests.scenarios.waiting import met
from tests.support.scenarios.neighbours import ALICE, BOB, PROXY, Node, serving
from tests.support.scenarios.phones import needs

pytestmark = [pytest.mark.scenario, needs("pjsua", "baresip", "kamailio")]

PAGE: Final = Path(__file__).parents[2] / "docs/how-to/kamailio-registrar.md"
USERS: Final = {"201": "of-201", "202": "of-202"}
NOBODY: Final = "127.0.0.29"
TODAY: Final = ("--from", "today", "--to", "today", "--zone", "Asia/Tokyo")


def shown(registrar: str) -> str:
    """The settings of the page from its source on, with our addresses in the place of its own."""
    block = re.search(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert block is not None
    blocks = block[1][block[1].index("[[source]]") :].replace("notice-ja", "notice-en")
    return blocks.replace("192.0.2.10/32", f"{PROXY}/32").replace("sip:192.0.2.10", registrar)


def telephone(proxy: kamailio.Proxy, user: str) -> dict[str, str]:
    """How one registers there."""
    return {"user": user, "registrar": proxy.uri, "password": USERS[user]}


@contextmanager
def both(folder: Path, proxy: kamailio.Proxy) -> Iterator[tuple[baresip.Phone, pjsua.Phone]]:
    """201 is a baresip, 202 a pjsua2 that answers; both have registered."""
    ours = baresip.Settings(
        host=ALICE, says=write(CUSTOMER_SAYS, folder), **telephone(proxy, "201")
    )
    theirs = pjsua.Settings(
        host=BOB, says=write(AGENT_SAYS, folder), answers=True, **telephone(proxy, "202")
    )
    with baresip.phone(folder, ours) as one, pjsua.phone(folder, theirs) as other:
        one.registered()
        other.registered()
        yield one, other


def test_a_call_between_telephones_of_the_page_is_told_heard_paused_found_and_taken_away(
    tmp_path: Path,
) -> None:
    """All that the page has the administrator try, in its order and by its commands."""
    wave, told = tmp_path / "call.wav", tmp_path / "call.wav.json"
    with ExitStack() as stack:
        node = stack.enter_context(serving(shown("sip:192.0.2.10")))
        recorder = node.uri.removeprefix("sip:")
        proxy = stack.enter_context(
            kamailio.registrar(tmp_path / "proxy", USERS, host=PROXY, recorder=recorder)
        )
        settled(node, proxy)
        one, other = stack.enter_context(both(tmp_path, proxy))
        one.call(f"sip:202@{proxy.target}")
        one.talks()
        rung = other.rung()
        rung.talks()
        hears(rung.heard, CUSTOMER_SAYS)
        spoke = hears(one.heard, AGENT_SAYS)
        assert find(read(one.heard), notice()).at_s < spoke.at_s
        call = live(node)["call_id"]
        for verb, state in (("pause", "paused"), ("resume", "live")):
            node.ran("calls", verb, call, "--reason", "card number")
            assert live(node)["state"] == state
        one.hang_up()
        rung.ended()
        met(lambda: len(node.value("calls", "find", *TODAY)) == 1, "the recording")
        found = node.value("calls", "find", *TODAY)[0]
        taken = node.ran("calls", "export", call, "-O", str(wave))

    assert found["direction"] == "internal"
    assert taken.returncode == 0
    sides = [channel["side"] for channel in json.loads(told.read_text())["channels"]]
    assert sides[:3] == ["agent", "agent", "node"]
    assert soundfile.info(wave).channels == len(sides)


def settled(node: Node, proxy: kamailio.Proxy) -> None:
    """The node calls the Kamailio that was started after it."""
    file = node.folder / "rokuon.toml"
    file.write_text(file.read_text().replace("sip:192.0.2.10", proxy.uri))
    assert node.ran("reload").returncode == 0


def live(node: Node) -> dict[str, str]:
    """The one call that is up."""
    (call,) = node.value("calls", "live")
    return call


@pytest.mark.parametrize(
    ("words", "told"),
    [({}, "no recorder"), ({"PAST_RECORDER": "yes"}, "call past the recorder")],
    ids=["refused", "unrecorded"],
)
def test_a_call_that_the_recorder_does_not_take_is_refused_or_goes_past_it_as_the_site_has_said(
    tmp_path: Path, words: dict[str, str], told: str
) -> None:
    """Telephones that fall silent because a recorder does are for the administrator to choose."""
    recorder = f"{NOBODY}:5060"
    with ExitStack() as stack:
        proxy = stack.enter_context(
            kamailio.registrar(
                tmp_path / "proxy", USERS, host=PROXY, recorder=recorder, words=words
            )
        )
        one, other = stack.enter_context(both(tmp_path, proxy))
        one.call(f"sip:202@{proxy.target}")
        if words:
            one.talks()
            other.rung().talks()
            one.hang_up()
        else:
            assert "503" in one.ended()
        proxy.says(told)
