"""What of a call stands on pages of its own."""

from dataclasses import replace
from pathlib import Path

import pytest

from api.permissions.roles import Role
from archive.call.events import SipMessage
from tests.api import examples
from tests.api.examples import CALL, WAVEFORM
from tests.api.web.pages.browser import browser, text_of
from tests.archive.catalog.examples import STARTED_US
from tests.support.pages.call import EVIL, journal


async def test_messages_are_drawn_as_lines_that_are_no_markup(tmp_path: Path) -> None:
    """A phone can write what it likes into its first line."""
    said = SipMessage(
        at_us=STARTED_US,
        is_received=True,
        transport="udp",
        local="192.0.2.1:5060",
        remote="192.0.2.2:5060",
        data=f"SIP/2.0 200 {EVIL}\r\nCall-ID: {EVIL}\r\n\r\n".encode(),
    )
    async with browser(tmp_path) as page:
        page.source.said = (said,)
        answer = await page.see(f"/calls/{CALL}/ladder")
        (entry,) = journal(page, "traced")

    assert "192.0.2.2:5060" in text_of(answer)
    assert "<script>alert" not in answer.text
    assert entry.target == CALL


async def test_quality_is_told_by_channel(tmp_path: Path) -> None:
    """What was lost as a share, and the highest jitter."""
    async with browser(tmp_path) as page:
        text = text_of(await page.see(f"/calls/{CALL}/quality"))

    assert "490 10 (2.0 %) 12.0 ms" in text


async def test_a_channel_whose_side_is_a_guess_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on the page of the call."""
    first, second = WAVEFORM.channels
    (lane,) = first.lanes
    guessed = replace(first, lanes=(replace(lane, is_guessed=True),))
    monkeypatch.setattr(examples, "WAVEFORM", replace(WAVEFORM, channels=(guessed, second)))
    async with browser(tmp_path) as page:
        text = text_of(await page.see(f"/calls/{CALL}/quality"))

    assert "customer ? a guess" in text
    assert text.count("a guess") == 1


async def test_why_it_is_kept_is_said_when_somebody_asks(tmp_path: Path) -> None:
    """In sentences, and not before: the page of a call is looked at for other reasons."""
    async with browser(tmp_path) as page:
        seen = await page.see(f"/calls/{CALL}")
        text = text_of(await page.see(f"/calls/{CALL}/kept"))
        *_, entry = journal(page, "read")

    assert f'href="/calls/{CALL}/kept"' in seen.text
    assert "nothing says on which day" not in text_of(seen)
    assert (
        "It is kept; nothing says on which day it goes. By rule default it never has to go." in text
    )
    assert "The policy as shipped judges it" in text
    assert entry.detail == {"what": "retention"}


async def test_who_heard_it_is_a_question_to_the_journal(tmp_path: Path) -> None:
    """What was sent, and what a browser says of itself, are two things."""
    async with browser(tmp_path) as page:
        await page.see(f"/calls/{CALL}/audio")
        await page.send(f"/calls/{CALL}/played", {"stretches": "0-5000"})
        address = f"/journal/heard?id={CALL}"
        seen = await page.see(f"/calls/{CALL}")
        text = text_of(await page.see(address))

    assert f'href="{address}"' in seen.text
    assert "played it, as its browser says" in text
    assert "0-5000" in text


@pytest.mark.parametrize("what", ["ladder", "quality"])
async def test_who_may_not_see_it_is_told(tmp_path: Path, what: str) -> None:
    """Whoever types the address."""
    role = Role.RETENTION_OWNER
    async with browser(tmp_path, role) as page:
        page.sessions.purpose = "quality"
        answer = await page.see(f"/calls/{CALL}/{what}")

    assert answer.status_code == 403
