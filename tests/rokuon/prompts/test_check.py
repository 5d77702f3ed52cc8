"""Whether a file can be played, and how well."""

import random
import re
from collections.abc import Iterator

import numpy as np
import pytest

from capture.prompts.sound import RATES_HZ
from rokuon.messages import i18n
from rokuon.messages.check_result import Severity
from rokuon.prompts.check import check_prompt
from tests import ROOT
from tests.capture.prompts.voices import sine, wav

DOCUMENT = (ROOT / "docs/cli.md").read_text("utf-8")
GOOD = sine(1_000, -20, 2)

# What is wrong, and the only code that says so.
ERRORS = {
    "text": (b"hello", "PRM-001"),
    "empty": (b"", "PRM-001"),
    "compressed": (wav(GOOD, subtype="ULAW"), "PRM-001"),
    "fractions": (wav(GOOD, subtype="FLOAT"), "PRM-001"),
    "stereo": (wav(np.stack([GOOD, GOOD], axis=1)), "PRM-002"),
    "rate": (wav(sine(1_000, -20, 2, 11_025), 11_025), "PRM-003"),
    "short": (wav(sine(1_000, -20, 0.98)), "PRM-004"),
    "no samples": (wav(np.zeros(0)), "PRM-004"),
    "long": (wav(sine(1_000, -20, 60.1, 8_000), 8_000), "PRM-005"),
    "silent": (wav(np.zeros(32_000)), "PRM-006"),
    "hiss": (wav(sine(1_000, -65, 2)), "PRM-006"),
}
WARNINGS = {
    "clipped": (wav(np.concatenate([GOOD, GOOD, np.ones(100)])), "PRM-007"),
    "clipped below": (wav(np.concatenate([GOOD, GOOD, -np.ones(100)])), "PRM-007"),
    "quiet": (wav(sine(1_000, -36.5, 2)), "PRM-008"),
    "loud": (wav(sine(1_000, -8.5, 2)), "PRM-009"),
    "late": (wav(np.concatenate([np.zeros(49_000), GOOD])), "PRM-010"),
}


@pytest.fixture
def in_japanese() -> Iterator[None]:
    """The language belongs to the process."""
    i18n.speak("ja")
    yield
    i18n.speak("en")


@pytest.mark.parametrize("name", ERRORS)
def test_what_must_not_be_played_is_an_error(name: str) -> None:
    """One finding each: who fixes it is done."""
    content, code = ERRORS[name]
    checked = check_prompt(content)

    assert [(each.code, each.severity) for each in checked.findings] == [(code, Severity.ERROR)]
    assert not checked.can_be_played


@pytest.mark.parametrize("name", WARNINGS)
def test_what_sounds_bad_is_a_warning(name: str) -> None:
    """It is played all the same: a bad notice is better than none."""
    content, code = WARNINGS[name]
    checked = check_prompt(content)

    assert [(each.code, each.severity) for each in checked.findings] == [(code, Severity.WARNING)]
    assert checked.can_be_played


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32"])
def test_a_good_file_of_any_rate_and_depth_has_no_finding(rate_hz: int, subtype: str) -> None:
    """As studios, phones and synthesisers deliver it."""
    assert check_prompt(wav(sine(1_000, -20, 2, rate_hz), rate_hz, subtype)).findings == ()


@pytest.mark.parametrize(
    "samples",
    [
        sine(1_000, -20, 1.0),
        sine(1_000, -20, 60.0),
        sine(1_000, -35.9, 2),
        sine(1_000, -9.1, 2),
        np.concatenate([np.zeros(48_000), GOOD]),
        np.concatenate([GOOD, np.ones(30)]),
    ],
    ids=["1 s", "60 s", "just loud enough", "just not too loud", "3 s of silence", "a few peaks"],
)
def test_at_a_limit_nothing_is_wrong_yet(samples: np.ndarray) -> None:
    """The limits are those that are written down."""
    assert check_prompt(wav(samples)).findings == ()


def test_several_things_may_be_wrong_at_once() -> None:
    """All are told together, so that a file goes to the studio once."""
    shape = check_prompt(wav(np.zeros((100, 2)), 22_050))
    sound = check_prompt(wav(np.concatenate([np.zeros(64_000), sine(300, 6, 3)])))

    assert [each.code for each in shape.findings] == ["PRM-002", "PRM-003", "PRM-004"]
    assert [each.code for each in sound.findings] == ["PRM-007", "PRM-009", "PRM-010"]


def test_a_finding_says_what_was_measured_and_what_to_do() -> None:
    """Nobody looks a code up first."""
    [finding] = check_prompt(WARNINGS["late"][0]).findings

    assert finding.message == "3.1 s of silence before the first word"
    assert finding.advice == "cut it: who hears nothing hangs up"


@pytest.mark.usefixtures("in_japanese")
def test_a_finding_is_told_in_the_language_in_force() -> None:
    """Who records the notice in Tokyo reads it."""
    [finding] = check_prompt(ERRORS["silent"][0]).findings

    assert finding.message == "無音です"


def test_no_broken_head_of_a_file_breaks_the_check() -> None:
    """Whatever the bytes say, the answer is a finding."""
    choice = random.Random(711)  # noqa: S311  # the same slips each time
    for _ in range(300):
        torn = bytearray(wav(GOOD[:800]))
        for _ in range(choice.randint(1, 6)):
            torn[choice.randrange(44)] = choice.randrange(256)
        assert not check_prompt(bytes(torn)).can_be_played


def test_every_code_is_documented_with_its_severity_and_no_other_is() -> None:
    """The document cannot drift."""
    rows = re.findall(r"^\| (PRM-\d{3}) \| (\w+) \|", DOCUMENT, re.MULTILINE)
    found = {
        (each.code, str(each.severity))
        for content, _ in [*ERRORS.values(), *WARNINGS.values()]
        for each in check_prompt(content).findings
    }

    assert set(rows) == found
    assert len(rows) == len(found)
