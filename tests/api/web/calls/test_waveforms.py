"""The waveform of a call over HTTP."""

from base64 import b64decode
from pathlib import Path

from tests.api.examples import CALL, OTHERS_CALL, scene


async def test_a_call_is_drawn_with_who_speaks_why_it_is_silent_and_what_happened(
    tmp_path: Path,
) -> None:
    """All on one line of ms, whatever recordings it has."""
    async with scene(tmp_path) as it:
        told = (await it.client.get(f"/calls/{CALL}/waveform")).json()
        (grant,) = it.source.grants
        (entry,) = it.journal()

    assert [each["side"] for each in told["channels"]] == ["customer", "agent"]
    assert told["channels"][1] | {"label": ""} == {
        "channel": 2, "side": "agent", "side_guessed": False, "participants": ["a"], "label": "",
        "mixed": False,
        "packets": 490, "lost": 10, "max_jitter_ms": 12.0,
    }  # fmt: skip
    assert told["blanks"] == [
        {
            "from_ms": 1000,
            "until_ms": 2500,
            "because": "hold",
            "channels": [2],
            "participant": "",
            "codec": "",
        }
    ]
    assert told["highlights"] == [
        {
            "from_ms": 1000,
            "until_ms": 2500,
            "kind": "hold",
            "who": "a",
            "detail": "",
            "packets": 0,
            "missing_ms": 0,
        }
    ]
    assert (told["length_ms"], b64decode(told["peaks"])) == (540_000, b"peaks")
    assert (grant.action, entry.detail) == ("listened", {"what": "waveform"})


async def test_a_waveform_of_others_is_not_there(tmp_path: Path) -> None:
    """It tells when somebody spoke."""
    async with scene(tmp_path) as it:
        answer = await it.client.get(f"/calls/{OTHERS_CALL}/waveform")

    assert answer.status_code == 404
