"""The prompts that come with Rokuon."""

import re
from pathlib import Path

import pytest

from capture.prompts.levels import active_level_dbov, levels_of
from capture.prompts.prompt import Prompt
from capture.prompts.sound import sound_in
from rokuon.prompts.built_in import FOLDER, built_in_prompts
from rokuon.prompts.check import check_prompt

README = (FOLDER / "README.md").read_text("utf-8")
PROMPTS = pytest.mark.parametrize("prompt", built_in_prompts(), ids=lambda prompt: prompt.name)
MAX_BYTES = 1_000_000
EDGE_S = 0.2


@PROMPTS
def test_each_file_is_the_one_whose_wording_and_provenance_are_written_down(
    prompt: Prompt,
) -> None:
    """A licence is stated, and evidence given, for exactly these bytes."""
    rows = re.findall(rf"^\| `{prompt.name}\.flac` \|.*$", README, re.MULTILINE)

    assert len(rows) == 1
    assert f"| {prompt.text} |" in rows[0]
    assert f"`{prompt.sha256}`" in rows[0]


@PROMPTS
def test_each_is_as_good_as_what_we_ask_of_a_site(prompt: Prompt) -> None:
    """No finding, not even a warning."""
    assert check_prompt(prompt.path.read_bytes()).findings == ()


@PROMPTS
def test_each_is_wideband_speech_at_one_level_with_a_breath_at_either_end(prompt: Prompt) -> None:
    """The first word is not lost in a phone that is still being raised."""
    sound = sound_in(prompt.path.read_bytes())
    edge = round(EDGE_S * sound.rate_hz)

    assert sound.rate_hz == 16_000
    assert active_level_dbov(sound.samples, sound.rate_hz) == pytest.approx(-20, abs=0.1)
    assert not sound.samples[:edge].any()
    assert not sound.samples[-edge:].any()
    assert levels_of(sound.samples, sound.rate_hz).leading_silence_s <= EDGE_S + 0.02


def test_there_is_a_notice_for_each_occasion_in_both_languages() -> None:
    """For who calls, for who is called, and with a way to refuse."""
    by_language = {"ja": [], "en": []}
    for prompt in built_in_prompts():
        by_language[prompt.language].append(prompt.name.removesuffix(f"-{prompt.language}"))

    assert (
        by_language["ja"]
        == by_language["en"]
        == [
            "notice",
            "notice-outbound",
            "notice-refusal",
        ]
    )


def test_the_notice_that_offers_refusal_says_which_key() -> None:
    """A caller cannot guess it."""
    offers = [prompt.text for prompt in built_in_prompts() if "refusal" in prompt.name]

    assert [bool(re.search(r"9を押し|press 9", text)) for text in offers] == [True, True]


def test_the_prompts_stay_small_enough_to_be_part_of_the_package() -> None:
    """Everybody who installs Rokuon carries them; nothing lies there that is no prompt."""
    files = sorted(Path(FOLDER).glob("*.flac"))

    assert [file.stem for file in files] == sorted(prompt.name for prompt in built_in_prompts())
    assert sum(file.stat().st_size for file in files) < MAX_BYTES
