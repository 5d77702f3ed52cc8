"""Two dialogs about one call: the one-way pair of network-based recording, and a recorder twice.

SIPp signals, ffmpeg speaks, tcpdump is the witness.
"""

import io
from dataclasses import replace
from random import SystemRandom
from urllib.request import Request, urlopen

import numpy as np
import pytest
import soundfile

from tests.scenarios.bodies import both, description, metadata
from tests.scenarios.oracle import heard_in_place, same_datagrams, stretches
from tests.scenarios.recordings import Recorded, Samples, recorded_of
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, PACKET_S, recorded, replay, speak
from tests.scenarios.server import HOST, Server
from tests.scenarios.stage import Call, Stage, fresh_number
from tests.support.scenarios.vendors import playing, ports
from tests.vendors.script import Script, read

pytestmark = pytest.mark.scenario


def end(script: Script, name: str) -> Script:
    """The dialog of one end: From says whose voice it brings."""
    first = script.messages[0]
    headers = tuple(line.replace(";x-nearend;", f";x-{name};") for line in first.headers)
    return replace(script, messages=(replace(first, headers=headers),))


def test_both_ends_of_a_network_based_recording_are_heard_as_one_call(stage: Stage) -> None:
    """CUCM sends the telephone's voice in one dialog and the other party's in another."""
    script = read("cisco_cucm", SystemRandom())
    with playing(stage, end(script, "nearend")) as near:
        (agent,) = ports(near)
        with playing(stage, end(script, "farend")) as far:
            (customer,) = ports(far)
            speak([(CUSTOMER_SAYS, customer), (AGENT_SAYS, agent)])
            near.hang_up()
            far.hang_up()

    audio = heard(stage.server, conversation_of(near, far))
    begin_us = min(call.scene.invited().at_us for call in (near, far))
    for lane, (call, port) in enumerate(((far, customer), (near, agent))):
        heard_in_place(audio[:, lane], stretches(call.scene.media(), port), begin_us)


def test_a_call_that_is_recorded_twice_is_kept_twice_and_heard_once(stage: Stage) -> None:
    """A client with two recorders sends each of them the same streams."""
    offer = both(description(), metadata(fresh_number()))
    said = [list(enumerate(recorded(speech))) for speech in (CUSTOMER_SAYS, AGENT_SAYS)]
    with stage.call("call", offer) as one:
        one.scene.ports()
        with stage.call("call", offer) as other:
            for call in (one, other):
                for packets, port in zip(said, call.scene.ports(), strict=True):
                    replay([(PACKET_S * n, packet) for n, packet in packets[:50]], port)
            one.hang_up()
            other.hang_up()

    audio = heard(stage.server, conversation_of(one, other))
    (customer, agent), begin_us = one.scene.ports(), one.scene.invited().at_us
    for lane, port in enumerate((customer, agent)):
        heard_in_place(audio[:, lane], stretches(one.scene.media(), port), begin_us)


def conversation_of(one: Call, other: Call) -> str:
    """The one conversation that two recordings are of, each of which is whole."""
    recordings = [found_by(call) for call in (one, other)]
    for each, call in zip(recordings, (one, other), strict=True):
        own = Recorded(one.scene.server, {"call": each.row["recording"]})
        same_datagrams(own.datagrams(), call.scene.media())
    (conversation,) = {str(each.row["call"]) for each in recordings}
    return conversation


def heard(server: Server, conversation: str) -> Samples:
    """The whole conversation on one time line, as the API plays it; shape (samples, lanes)."""
    path = f"http://{HOST}:{server.http_port}/api/v1/calls/{conversation}/audio"
    with urlopen(Request(path, headers={"Authorization": f"Bearer {server.token()}"})) as answer:
        samples, rate = soundfile.read(io.BytesIO(answer.read()), dtype="int16", always_2d=True)
    assert (rate, samples.shape[1]) == (8000, 2)
    return np.asarray(samples, np.int16)


def found_by(call: Call) -> Recorded:
    """The recording of this dialog."""
    return recorded_of(call.scene, "--id", call.scene.call_id)
