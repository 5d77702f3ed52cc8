"""Prompts and tones in the folder from which they are played."""

from pathlib import Path

import pytest

from capture.prompts.encoder import encode
from capture.prompts.prepare import FailedPrompt, _framed, file_name, prepare
from capture.prompts.prompt import Prompt, prompt_at
from capture.prompts.prompt_file import PromptBroken, encode_prompt, parse_prompt
from capture.prompts.sound import sound_in
from capture.prompts.tones import RECORDING_BEEP, TONES
from tests.capture.prompts.voices import sine, wav
from tests.crash.crashing import CrashingDisk, Fuse, PowerCut

LAWS = ("PCMU", "PCMA")
# Of one file: write, sync, rename, sync the folder.
CALLS_OF_A_FILE = 4


def whole(content: bytes) -> bool:
    """Can the relay play it?"""
    try:
        parse_prompt(content)
    except PromptBroken:
        return False
    return True


@pytest.fixture
def prompt(tmp_path: Path) -> Prompt:
    """A short prompt of a site's own."""
    path = tmp_path / "welcome.wav"
    path.write_bytes(wav(sine(440, -20, 1)))
    return prompt_at(path, name="welcome", language="en", text="Welcome.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where prepared prompts go."""
    made = tmp_path / "prepared"
    made.mkdir()
    return made


def test_each_codec_gets_a_file_named_by_the_digest(prompt: Prompt, folder: Path) -> None:
    """The relay finds it by what the evidence names."""
    made = prepare([prompt], LAWS, folder)

    assert made.failed == ()
    assert tuple(each.encoding for each in made.ready) == LAWS
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{prompt.sha256[:32]}.pcma",
        f"{prompt.sha256[:32]}.pcmu",
    ]
    assert made.ready[0].path.read_bytes() == encode_prompt(
        _framed(encode(sound_in(prompt.path.read_bytes()), "PCMU"))
    )
    assert made.whole_ms(prompt) == made.ready[0].whole_ms > 0


def test_what_is_there_is_not_made_again_and_nothing_is_removed(
    prompt: Prompt, folder: Path
) -> None:
    """A restart is quick, and calls that play an older prompt go on."""
    (folder / "older.pcmu").write_bytes(b"of another prompt")
    first = prepare([prompt], LAWS, folder)
    before = {path: path.stat().st_ino for path in folder.iterdir()}
    prompt.path.unlink()

    assert prepare([prompt], LAWS, folder) == first
    assert {path: path.stat().st_ino for path in folder.iterdir()} == before


def test_a_file_that_is_not_whole_is_made_again(prompt: Prompt, folder: Path) -> None:
    """Somebody copied half of it."""
    path = prepare([prompt], ["PCMU"], folder).ready[0].path
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    prepare([prompt], ["PCMU"], folder)

    assert path.read_bytes() == whole


def test_a_prompt_that_cannot_be_read_says_why_and_costs_no_other(
    prompt: Prompt, folder: Path, tmp_path: Path
) -> None:
    """One bad file must not silence every notice."""
    stereo = tmp_path / "stereo.wav"
    stereo.write_bytes(wav(sine(440, -20, 1).repeat(2).reshape(-1, 2)))
    bad = prompt_at(stereo, name="stereo", language="en", text="Two.")
    gone = Prompt(name="gone", language="en", text="G.", sha256="0" * 64, path=tmp_path / "gone")
    made = prepare([bad, gone, prompt], ["PCMU"], folder)

    assert [each.name for each in made.ready] == ["welcome"]
    assert made.failed[0] == FailedPrompt(name="stereo", encoding="PCMU", why="2 channels")
    assert "No such file" in made.failed[1].why


def test_a_codec_that_cannot_be_encoded_fails_alone(prompt: Prompt, folder: Path) -> None:
    """Calls in the other codecs still hear the notice."""
    made = prepare([prompt], ["G729", "PCMU"], folder)

    assert tuple(each.encoding for each in made.ready) == ("PCMU",)
    assert [(each.encoding, "G729" in each.why) for each in made.failed] == [("G729", True)]


def test_a_file_that_changed_since_it_was_named_is_not_played(prompt: Prompt, folder: Path) -> None:
    """Else the evidence would name words that nobody heard."""
    prompt.path.write_bytes(wav(sine(880, -20, 1)))
    made = prepare([prompt], ["PCMU"], folder)

    assert made.ready == ()
    assert "changed" in made.failed[0].why
    assert list(folder.iterdir()) == []


def test_tones_lie_beside_the_prompts(folder: Path) -> None:
    """The relay has one way to play."""
    made = prepare(TONES, ["PCMA"], folder)

    assert [each.name for each in made.ready] == [tone.name for tone in TONES]
    assert len({each.path for each in made.ready}) == len(TONES)
    assert all(whole(each.path.read_bytes()) for each in made.ready)
    # 200 ms of beep: ten packets behind the head.
    assert (folder / file_name(RECORDING_BEEP, "PCMA")).stat().st_size == 64 + 10 * 160


@pytest.mark.parametrize("calls", range(CALLS_OF_A_FILE))
def test_power_lost_at_any_step_leaves_a_whole_file_or_none(
    calls: int, prompt: Prompt, folder: Path
) -> None:
    """A prompt that is half there would be half a notice."""
    disk = CrashingDisk(Fuse(calls))
    with pytest.raises(PowerCut):
        prepare([prompt], ["PCMU"], folder, disk)
    disk.cut_power()
    path = folder / file_name(prompt, "PCMU")

    assert not path.exists() or whole(path.read_bytes())


def test_once_told_as_ready_a_file_outlives_a_power_cut(prompt: Prompt, folder: Path) -> None:
    """Ready means that it stays."""
    disk = CrashingDisk(Fuse(CALLS_OF_A_FILE))
    made = prepare([prompt], ["PCMU"], folder, disk)
    disk.cut_power()

    assert whole(made.ready[0].path.read_bytes())
