"""The shipped units, each with its own user, and people with users of their own.

A destruction by two, a card number kept out by one: over HTTP and by command. Who records cannot
destroy, who destroys cannot read.
"""

import errno
import json
import os
import resource
import shutil
import sqlite3
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from rokuon.machine.clock import kernel_clock
from tests.crash.split import interpreter
from tests.scenarios import call_filter, owner, witness
from tests.scenarios.bodies import both, description, metadata
from tests.scenarios.clocks import Clock
from tests.scenarios.deployed import PARTS, Site, deployed, may_set
from tests.scenarios.overtaken import FORGED
from tests.scenarios.owner import typed
from tests.scenarios.phones import sipp
from tests.scenarios.server import HOST, STRANGER, Server
from tests.scenarios.sipp import client
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.waiting import until

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(
        os.geteuid() != 0 or shutil.which("setfacl") is None or not interpreter(),
        reason="needs root, to be several users, Debian's acl, and a Python that they can read",
    ),
]

# Users of the operating system without names.
_OWNER, _APPROVER, _SUPERVISOR = "30001", "30002", "30003"
# The third only looks: to begin with root is nobody.
_PEOPLE: Final = {
    "owner": (f"uid-{_OWNER}", "retention_owner"),
    "second": (f"uid-{_APPROVER}", "legal"),
    "witness": ("root", "retention_owner"),
}


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Site, Stage, Clock]]:
    """All units, watched, and the clock of all of them."""
    if why := sipp.why_not() or witness.why_not():
        pytest.skip(why)
    with TemporaryDirectory(prefix="rk") as folder:
        clock = Clock.hung_up(Path(folder), monkeypatch)
        with (
            deployed(Path(folder)) as (made, server),
            witness.watching(server.folder, server.traffic) as seen,
        ):
            for name, (login, role) in _PEOPLE.items():
                server.command("user", "add", name, "--purpose", "technical")
                server.command("user", "role", name, role)
                server.command("user", "os-name", name, login)
            yield made, Stage(server, seen), clock


def _say(server: Server, *arguments: str, expected: int = 0) -> str:
    return typed(server, *arguments, login=_OWNER, expected=expected)


def _both_say(server: Server, *arguments: str) -> str:
    """What takes two: proposed, approved by the other, done."""
    proposed = _say(server, *arguments, expected=1)
    waiting = json.loads(typed(server, "approval", "list", "-o", "json", login=_APPROVER))
    number = str(max(each["number"] for each in waiting))
    assert number in proposed
    typed(server, "approval", "give", number, login=_APPROVER)
    return _say(server, *arguments)


def _archived(server: Server) -> int:
    return len([*server.folder.rglob("var/archive/**/*.rkn")])


def _destroyed(server: Server, clock: Clock, held: str) -> dict[str, Any]:
    policy = owner.written_policy(server, cooling_off_h=1)
    _say(server, "retention", "simulate", str(policy))
    _both_say(server, "retention", "policy", "import", str(policy), "--retroactive")
    clock.put_forward(days=4)
    hold = ("--matter", "M-1", "--reason", "a claim", "--review", "2099-01-01")
    _say(server, "retention", "plan")
    _say(server, "hold", "place", held, *hold)
    typed(server, "retention", "approve", "1", login=_APPROVER)
    _say(server, "retention", "apply", "1")
    clock.put_forward(days=1)
    # The hour is over at once: whose clock steps so is asked whether that is right.
    until(lambda: _waits(server) == "clock" or None, "the brake", within_s=60)
    return owner.run_applied(server, login=_OWNER)


def _waits(server: Server) -> str:
    (plan,) = server.rows("retention", "runs", "--all")
    return str(plan["waits"])


def test_two_people_have_a_call_destroyed_by_the_unit_that_can_do_nothing_else(
    site: tuple[Site, Stage, Clock],
) -> None:
    """Policy, plan, approval, hold, run, release, certificate: with the files that are shipped."""
    made, stage, clock = site
    server, outside = stage.server, stage.server.folder / "outside"
    gone, held = owner.recorded(stage), owner.recorded(stage)
    recording = owner.recording_of(server, gone)
    assert _archived(server) == 2
    run = _destroyed(server, clock, held)
    owner.certified(server)
    _both_say(server, "hold", "release", "1")
    export = ("retention", "certificate", "export", "1", str(outside), "--recording", recording)
    server.command(*export)

    assert {each["stage"]: each["cause"] for each in run["stages"]} == {
        "gone": "",
        "dropped": "held",
    }
    assert _archived(server) == 1
    assert "destroyed" in _say(server, "calls", "show", gone, expected=1)
    fingerprint = _say(server, "retention", "certificate", "key").strip()
    server.command("verify", *map(str, outside.iterdir()), "--key", fingerprint)
    assert "\napproval: two persons\n" in (outside / "certificate.txt").read_text()
    assert made


def _keys_left(made: Site) -> int:
    """By the keystore itself, as root."""
    keystore = sqlite3.connect(made.folder / "var/keys/keystore.db")
    (count,) = keystore.execute("SELECT count(*) FROM data_key").fetchone()
    keystore.close()
    return int(count)


_REFUSED: Final = "KeyRefused: not_permitted"


def test_a_runner_and_a_keeper_that_were_taken_over_destroy_and_open_nothing(
    site: tuple[Site, Stage, Clock],
) -> None:
    """Any code with their users, files and sockets; what two persons approved goes no further.

    `docs/destruction.md` names what they still can do.
    """
    made, stage, clock = site
    server = stage.server
    owner.recorded(stage)
    policy = owner.written_policy(server, cooling_off_h=1)
    _both_say(server, "retention", "policy", "import", str(policy), "--retroactive")
    clock.put_forward(days=4)
    _say(server, "retention", "plan")
    typed(server, "retention", "approve", "1", login=_APPROVER)
    keys = _keys_left(made)
    done = {part: made.overtake(part) for part in ("retention", "keeper")}
    refused = _say(server, "retention", "apply", "1", expected=1)
    clock.put_forward(days=2)
    again = made.overtake("retention")
    with pytest.raises(HTTPError) as unknown:
        _asked(server, FORGED, "/live/calls")

    assert "is not believed" in refused
    assert _keys_left(made) == keys
    assert unknown.value.code == HTTPStatus.UNAUTHORIZED
    assert [each["read"] for each in done.values()] == [[], []]
    assert {part: list(each["sockets"]) for part, each in done.items()} == {
        "retention": ["retention"],
        "keeper": ["keeper"],
    }
    for each in (*done.values(), again):
        for answers in each["sockets"].values():
            destroyed = answers.pop("destroy")
            assert destroyed in (_REFUSED, "KeptRecording")
            opened = answers.pop("open_unarchived")
            assert opened in (_REFUSED, "KeyRefused: already_archived")
            assert set(answers.values()) == {_REFUSED}
    assert "token" in server.command("user", "seals")


def _asked(server: Server, token: str, path: str, said: dict[str, str] | None = None) -> Any:
    """What the API answers: to a POST where something is said."""
    address = f"http://{HOST}:{server.http_port}/api/v1{path}"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = None if said is None else json.dumps(said).encode()
    with urlopen(Request(address, body, headers)) as answer:
        return json.load(answer)


def _paused_and_resumed(server: Server, token: str) -> list[str]:
    """The states of the live call: over HTTP and by command, as the person who supervises."""

    def live() -> str | None:
        calls = _asked(server, token, "/live/calls")["calls"]
        return str(calls[0]["recording"]) if calls else None

    recording, states = until(live, "the call", within_s=30), []
    for act in ("pause", "resume"):
        path = f"/live/{recording}/{act}"
        states.append(_asked(server, token, path, {"reason": "card"})["call"]["state"])
    for act in ("pause", "resume"):
        asked = ("calls", act, recording, "--reason", "card", "-o", "json")
        states.append(json.loads(typed(server, *asked, login=_SUPERVISOR))["state"])
    return states


def test_a_card_number_is_kept_out_under_the_users_of_the_units() -> None:
    """The API reaches signalling, keys stay in memory, and who verifies knows the node."""
    if why := sipp.why_not():
        pytest.skip(why)
    with TemporaryDirectory(prefix="rk") as folder, deployed(Path(folder)) as (site, server):
        server.command("user", "add", "supervisor", "--purpose", "technical")
        server.command("user", "role", "supervisor", "supervisor")
        server.command("user", "os-name", "supervisor", f"uid-{_SUPERVISOR}")
        invite = both(description(), metadata(fresh_number()))
        with client(server, "call", invite=invite, host=STRANGER) as call:
            token = typed(server, "user", "token", login=_SUPERVISOR).split()[-1]
            states = _paused_and_resumed(server, token)
            call.go_on()
            call.finish()
        until(lambda: _archived(server) or None, "the recording", within_s=60)

        assert states == ["paused", "live", "paused", "live"]
        assert site.run("api", "verify").returncode == 0
        if may_set(resource.RLIMIT_MEMLOCK, resource.RLIM_INFINITY):
            assert site.locked() >= {"keys", "holder", "signalling", "ingest-0"}


# What the kernel answers who asks for its clock's state, and who sets it.
_ASK_KERNEL: Final = """\
import ctypes, errno, json, time
from rokuon.machine import clock
library = ctypes.CDLL(None, use_errno=True)
asked, status = (ctypes.c_int * 512)(), (ctypes.c_int * 512)()
state, refused = library.adjtimex(asked), ctypes.get_errno()
status[0] = 0x10  # ADJ_STATUS: says that it is synchronised
set_ = [library.adjtimex(status) < 0]
try:
    time.clock_settime(time.CLOCK_REALTIME, time.time())
    set_.append(False)
except PermissionError:
    set_.append(True)
said = clock.kernel_clock()
told = {"state": state, "errno": refused, "is_refused": said.is_refused, "set_refused": set_}
print(json.dumps({**told, "synchronised": said.synchronised}))
"""


def test_the_key_daemon_alone_reads_the_kernels_word_for_its_clock_and_no_unit_sets_it(
    site: tuple[Site, Stage, Clock],
) -> None:
    """Under the filter of its unit: were it refused, nothing would ever be destroyed by itself."""
    if why := call_filter.why_not():
        pytest.skip(why)
    made, _, _ = site
    own = kernel_clock()
    told = {part: made.code(part, _ASK_KERNEL) for part in PARTS}
    of_keys = told.pop("keys")

    assert of_keys["state"] >= 0
    assert (of_keys["is_refused"], of_keys["synchronised"]) == (False, own.synchronised)
    for part, each in told.items():
        assert (each["state"], each["errno"], each["is_refused"]) == (-1, errno.EPERM, True), part
    assert [each["set_refused"] for each in (of_keys, *told.values())] == [[True] * 2] * len(PARTS)
