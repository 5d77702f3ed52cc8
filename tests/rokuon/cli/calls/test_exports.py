"""`rokuon calls export|trace`: journalled, then written."""

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from archive.call.events import (
    Attempted,
    CallOpened,
    Event,
    Format,
    PartiesJoined,
    RecordingBegan,
    StreamAdded,
)
from archive.reading.export_forms import ExportForm
from rokuon.cli.calls.exports import numbered, side_file
from rokuon.cli.terminal.exits import Exit, code_for
from rokuon.compose.archive.keeper import recover
from rokuon.machine.api_client import ApiRefused, Client, pieces
from tests.archive.reading.scenes import START_US, Talk, added, ended
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import CUSTOMER_NUMBER, TALKS, Installation, events, installation
from tests.support.cli.calls import found
from tests.support.cli.copies import actions, refused, said
from tests.support.reading.keyring import crypto, keyed, sealed


def test_a_call_that_was_turned_away_is_traced_by_its_call_id(tmp_path: Path) -> None:
    """Its messages stand on a page with those of others, which are not shown."""
    both = (refused("one@x"), refused("two@x"), said("one@x"), said("two@x"), said("two@x"))
    with installation() as made:
        made.put_page(*both)
        recover(made.config)

        lines = run_at(made, "calls", "trace", "two@x").output.splitlines()
        file = tmp_path / "two.pcap"
        written = run_at(made, "calls", "trace", "two@x", "--format", "pcap", "-O", str(file))
        nobody = run_at(made, "calls", "trace", "three@x").exception

    assert sum(" INVITE " in line for line in lines) == 2
    assert written.output.strip() == str(file)
    assert file.read_bytes().count(b"Call-ID: two@x") == 2
    assert isinstance(nobody, ApiRefused)
    assert code_for(nobody) is Exit.ERROR


@pytest.mark.parametrize("form", list(ExportForm))
def test_every_form_is_written_after_its_journal_entry(
    site: Installation, form: ExportForm, tmp_path: Path
) -> None:
    """No byte of a call without a line that says who took it; beside it what it does not say."""
    call = str(found(site)[0]["call"])
    before = actions(site).count("exported")
    file = tmp_path / f"call.{form}"
    done = run_at(site, "calls", "export", call, "--format", form.value, "-O", str(file))
    beside = json.loads(side_file(file).read_text("utf-8"))

    assert done.exit_code == 0
    assert file.stat().st_size > 0
    assert [each["channel"] for each in beside["channels"]] == ([] if form == "pcap" else [1, 2])
    assert actions(site).count("exported") == before + 2


def test_the_datagrams_of_an_export_are_those_that_were_sent(
    site: Installation, tmp_path: Path
) -> None:
    """Byte for byte."""
    call = str(found(site)[0]["call"])
    file = tmp_path / "c.pcap"
    run_at(site, "calls", "export", call, "--format", "pcap", "-O", str(file))
    written = file.read_bytes()

    assert all(packet.datagram in written for talk in TALKS for packet in talk.sent())


def test_what_somebody_sends_again_is_heard_once_flagged_and_in_the_datagrams(
    tmp_path: Path,
) -> None:
    """A minute later; found by its flag, told with whose it is, and no second of sound is new."""
    line = crypto()
    sent = sealed(replace(TALKS[0], packets=3_200).sent(), line)
    late_us = sent[3_099].arrival_us
    again = [replace(each, arrival_us=late_us + n) for n, each in enumerate(sent[10:50], 1)]
    told = [*events()[:-1], ended(sent[-1].arrival_us), keyed(line)]
    heard, shown = {}, {}
    for name, packets in {"once": sent, "again": [*sent[:3_100], *again, *sent[3_100:]]}.items():
        with installation() as made:
            made.put(told, packets)
            recover(made.config)
            call = str(found(made)[0]["call"])
            shown[name] = json.loads(run_at(made, "calls", "show", call, "-o", "json").output)
            wav, pcap = tmp_path / f"{name}.wav", tmp_path / f"{name}.pcap"
            run_at(made, "calls", "export", call, "-O", str(wav))
            run_at(made, "calls", "export", call, "--format", "pcap", "-O", str(pcap))
            heard[name] = wav.read_bytes()
            flags = str(found(made)[0]["flags"])

    (recording,) = shown["again"]["recordings"]
    (replayed,) = recording["replays"]
    assert heard["again"] == heard["once"]
    assert "media_replayed" in flags
    assert shown["once"]["recordings"][0]["replays"] == []
    assert (replayed["packets"], replayed["stream"]) == (40, 0)
    assert CUSTOMER_NUMBER in replayed["who"] or "佐藤" in replayed["who"]
    (beside,) = json.loads(side_file(tmp_path / "again.wav").read_text("utf-8"))["replays"]
    assert (beside["packets"], beside["from_s"]) == (40, 61.98)
    assert (tmp_path / "again.pcap").read_bytes().count(sent[20].datagram) == 2
    assert (tmp_path / "once.pcap").read_bytes().count(sent[20].datagram) == 1


def test_what_was_dropped_on_the_way_is_told_at_its_second(tmp_path: Path) -> None:
    """By the keeper, in `show` for people and programs, and beside a copy: one and the same."""
    sent, other = (talk.sent() for talk in TALKS)
    with installation() as made:
        made.put(events(), [*sent[:60], *sent[80:], *other[:90], *other[91:]])
        recover(made.config)
        call = str(found(made)[0]["call"])
        shown = json.loads(run_at(made, "calls", "show", call, "-o", "json").output)
        for_people = run_at(made, "calls", "show", call).output
        file = tmp_path / "c.wav"
        run_at(made, "calls", "export", call, "-O", str(file))
        beside = json.loads(side_file(file).read_text("utf-8"))

    told = shown["recordings"][0]["gaps"]
    begin = datetime.fromtimestamp(START_US / 1e6, UTC)
    places = [(datetime.fromisoformat(each["from"]) - begin).total_seconds() for each in told]
    assert places == pytest.approx([1.2, 1.8], abs=0.002)
    assert [(each["packets"], each["missing_s"], each["because"]) for each in told] == [
        (20, 0.4, "lost"),
        (1, 0.02, "lost"),
    ]
    assert [(each["from_s"], each["until_s"]) for each in beside["gaps"]] == [
        (1.2, 1.6),
        (1.8, 1.82),
    ]
    assert "0.4" in for_people


def test_what_is_no_partys_voice_is_told_as_what_it_is_and_a_guess_as_one(tmp_path: Path) -> None:
    """What a PBX plays before it answers, and another source for a while, by their packets alone.

    In `show` for people and programs, on the picture, and beside a copy.
    """
    packets = [packet for talk in with_music() for packet in talk.sent()]
    file = tmp_path / "c.wav"
    with installation() as made:
        made.put(inline_events(), packets)
        recover(made.config)
        call = str(found(made)[0]["call"])
        shown = json.loads(run_at(made, "calls", "show", call, "-o", "json").output)
        for_people = " ".join(run_at(made, "calls", "show", call).output.split())
        run_at(made, "calls", "export", call, "-O", str(file))
        drawn = Client(path=made.answering()).get(f"/calls/{call}/waveform")
    beside = json.loads(side_file(file).read_text("utf-8"))
    places = [("early_media", 0.5, 1.0, False), ("hold_music", 4.0, 6.0, True)]

    told = shown["recordings"][0]["other_sounds"]
    assert [(each["sound"], each["is_guess"], each["who"]) for each in told] == [
        (kind, is_guess, "田中") for kind, _, _, is_guess in places
    ]
    assert [
        (each["kind"], each["from_s"], each["until_s"], each["is_guess"])
        for each in beside["other_sounds"]
    ] == places
    highlights = [
        (each["kind"], each["from_ms"] / 1000, each["until_ms"] / 1000)
        for each in drawn["highlights"]
    ]
    assert highlights == [place[:3] for place in places]
    assert "before the answer: ringing" in for_people
    assert "music on hold, probably" in for_people
    assert not any(
        each["from_s"] < place[2] and place[1] < each["until_s"]
        for each in beside["silences"]
        for place in places
    )


def with_music() -> tuple[Talk, ...]:
    """The caller for 8 s; the agent, two seconds of another source in his place, and he again."""
    caller, agent = (replace(talk, packets=400) for talk in TALKS)
    back = replace(
        agent, packets=100, begin_us=START_US + 6_000_000, sequence=1_200, timestamp=88_000
    )
    music = replace(agent, ssrc=99, packets=100, begin_us=START_US + 4_000_000, seed=9)
    return caller, replace(agent, packets=200), music, back


def inline_events() -> list[Event]:
    """An inline call whose callee is heard half a second before it answers."""
    began, _, _, *rest, _ = events()
    assert isinstance(began, CallOpened)
    return [
        msgspec.structs.replace(began, mode="inline"),
        RecordingBegan(at_us=START_US),
        msgspec.structs.replace(added(0), label="caller"),
        msgspec.structs.replace(added(1), label="callee"),
        *rest,
        Attempted(at_us=START_US + 500_000, target="pbx", outcome="sounded"),
        Attempted(at_us=START_US + 1_000_000, target="pbx", outcome="answered", status=200),
        PartiesJoined(at_us=START_US + 1_000_000),
        ended(START_US + 8_000_000),
    ]


def loudest_db(file: Path, channel: int, second: int) -> float:
    """What ffmpeg measures of a second of a channel; nobody here wrote it."""
    cut = f"pan=mono|c0=c{channel},atrim={second}:{second + 1},volumedetect"
    command = ["ffmpeg", "-hide_banner", "-i", str(file), "-af", cut, "-f", "null", "-"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    return float(told.partition("max_volume:")[2].split()[0])


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg, the witness")
def test_a_side_in_a_codec_that_nobody_here_decodes_is_silent_and_all_say_why(
    tmp_path: Path,
) -> None:
    """The agent is heard, by file and over HTTP; a codec's name does nothing to the terminal."""
    agent, customer = replace(TALKS[1], payload_type=8), replace(TALKS[0], payload_type=120)
    evs = Format(payload_type=120, encoding="EVS\x1b[2K", clock_rate_hz=8_000)
    told = [each for each in events() if not (isinstance(each, StreamAdded) and not each.stream)]
    file = tmp_path / "c.wav"
    with installation() as made:
        made.put([told[0], added(0, evs), *told[1:]], [*customer.sent(), *agent.sent()])
        recover(made.config)
        call = str(found(made)[0]["call"])
        done = run_at(made, "calls", "export", call, "-O", str(file))
        shown = json.loads(run_at(made, "calls", "show", call, "-o", "json").output)
        for_people = run_at(made, "calls", "show", call).output
        with Client(path=made.answering()).download("GET", f"/calls/{call}/audio") as answer:
            heard = (answer.status, b"".join(pieces(answer)))
    beside = json.loads(side_file(file).read_text("utf-8"))

    assert done.exit_code == 0
    assert heard == (200, file.read_bytes())
    for second in range(2):
        assert loudest_db(file, 1, second) > -3
        assert loudest_db(file, 0, second) < -90
    (silence,) = beside["silences"]
    assert (silence["because"], silence["codec"], silence["channels"]) == (
        "codec",
        "EVS\x1b[2K",
        [1],
    )
    why = r"EVS\x1b[2K cannot be decoded here; calls export --format pcap has its packets"
    assert why in done.output
    (undecoded,) = shown["recordings"][0]["undecoded"]
    assert (undecoded["codec"], undecoded["participant"]) == ("EVS\x1b[2K", "customer")
    assert "\x1b" not in done.output + for_people
    assert "calls export --format pcap" in " ".join(for_people.split())


def test_a_call_of_which_nothing_can_be_decoded_is_refused_and_led_to_its_packets(
    tmp_path: Path,
) -> None:
    """No file under its name that is silence from end to end."""
    both = [packet for talk in TALKS for packet in replace(talk, payload_type=2).sent()]
    with installation() as made:
        made.put(events(), both)
        recover(made.config)
        call = str(found(made)[0]["call"])
        refused_wav = run_at(made, "calls", "export", call, "-O", str(tmp_path / "c.wav"))
        taken = run_at(
            made, "calls", "export", call, "--format", "pcap", "-O", str(tmp_path / "c.pcap")
        )

    assert isinstance(refused_wav.exception, ApiRefused)
    assert "its packets can be exported" in str(refused_wav.exception)
    assert taken.exit_code == 0
    assert not (tmp_path / "c.wav").exists()


def test_an_existing_file_is_not_replaced(site: Installation, tmp_path: Path) -> None:
    """It may be the only copy of another call."""
    target = tmp_path / "c.wav"
    target.write_text("mine")
    call = str(found(site)[0]["call"])

    assert run_at(site, "calls", "export", call, "-O", str(target)).exit_code == 2
    assert target.read_text() == "mine"


def test_an_export_that_fails_leaves_no_file(tmp_path: Path) -> None:
    """Half a call under a whole call's name is a forgery by accident."""
    with installation() as made:
        made.put_call()
        recover(made.config)
        call = str(found(made)[0]["call"])
        (part,) = made.archived()
        raw = bytearray(part.read_bytes())
        raw[-4096 * 2] ^= 1
        part.write_bytes(raw)
        done = run_at(made, "calls", "export", call, "-O", str(tmp_path / "c.wav"))

    assert done.exit_code != 0
    assert list(tmp_path.iterdir()) == []


def test_several_recordings_of_a_call_get_numbered_files() -> None:
    """The first keeps the name that was asked for."""
    assert numbered(Path("a/call.wav"), 3) == (
        Path("a/call.wav"),
        Path("a/call-2.wav"),
        Path("a/call-3.wav"),
    )
    assert numbered(Path("call.wav"), 0) == ()
