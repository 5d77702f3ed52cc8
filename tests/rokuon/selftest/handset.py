"""A program that stands in for a phone's: the same orders and events, with our own SIP and RTP.

Run by the tests of phone calls, in a process of its own.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import soundfile

from rokuon.selftest.caller import OutgoingCall
from rokuon.selftest.ear import RECEIVE_BUFFER_BYTES, listening_on
from rokuon.selftest.engine import MediaEngine
from rokuon.selftest.session import CallRefused
from rokuon.selftest.signalling import Target, connect
from rokuon.selftest.sources import open_sources
from rokuon.selftest.speaker import Speaker
from rokuon.selftest.speech_files import Language, Side, continuous_speech


def tell(event: str, **what: Any) -> None:
    sys.stdout.write(json.dumps({"event": event, **what}) + "\n")
    sys.stdout.flush()


async def order() -> dict[str, Any]:
    line = await asyncio.to_thread(sys.stdin.readline)
    return dict(json.loads(line)) if line else {}


async def live(asked: dict[str, Any]) -> None:
    tell("ready")
    wanted = await order()
    host, _, port = wanted["uri"].rpartition("@")[2].partition(":")
    target = Target(host=host, port=int(port))
    with open_sources(asked["host"], 1, RECEIVE_BUFFER_BYTES) as sources:
        async with connect(target, asked["host"]) as signalling:
            source = sources[0]
            call = OutgoingCall(signalling, target, source.port, user="selftest", called="far")
            with (
                listening_on(source.rtp) as ear,
                MediaEngine(sources, max_streams=1, slots=1) as engine,
            ):
                speaker = Speaker(Side.CUSTOMER, engine, source, 0)
                try:
                    to = await call.begin()
                except CallRefused as refused:
                    tell("state", call=1, state="disconnected", code=refused.status)
                    tell("done", order=1, result=1, why=None)
                    await order()
                    return
                speaker.speak(continuous_speech(Language.JAPANESE, Side.CUSTOMER), to)
                call_id = call.dialog.call_id.decode()
                tell("state", call=1, state="confirmed", code=200, call_id=call_id)
                tell("done", order=1, result=1, why=None)
                wanted = await order()
                await speaker.rest()
                await call.end()
                sound = ear.heard().sound()
                soundfile.write(Path(asked["folder"]) / "heard-1.wav", sound, 8_000)
                if wanted:
                    tell("done", order=2, result=None, why=None)
                    tell("over", call=1)
                    await order()


if __name__ == "__main__":
    settings = json.loads(sys.argv[1])
    assert Path(settings["says"]).exists()
    asyncio.run(live(settings))
