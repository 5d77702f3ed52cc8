"""What somebody says of a call on its page, and what is left of what was said before."""

from pathlib import Path

import msgspec
import pytest

from api.permissions.roles import Role
from archive.call.corrections import ByStream, QueueCorrected, SideCorrected, entry_of
from archive.call.event_values import SideBecause
from archive.call.events import StreamPartyKnown
from tests.api.examples import CALL
from tests.api.web.pages.browser import Browser, browser, text_of
from tests.archive.catalog.examples import adopt, adoption, inbound, recording_id
from tests.support.pages.call import journal

PATH = f"/calls/{CALL}"
SOMEBODY = "stream:0"


async def corrected(page: Browser, **fields: str) -> str:
    """The page after a correction."""
    sent = await page.send(
        f"{PATH}/corrections", {"recording": CALL, "reason": "頼まれた", **fields}
    )
    assert (sent.status_code, sent.headers["location"]) == (303, f"{PATH}#corrections")
    return text_of(await page.see(PATH))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": "queue", "queue": "vip"}, "queue vip nothing"),
        ({"kind": "controller", "controller": "Acme"}, "on whose behalf Acme nothing"),
        ({"kind": "purpose", "purpose": "technical"}, "purposes technical nothing"),
        ({"kind": "side", "whom": SOMEBODY, "side": "unknown"}, "side {who} not known {was}"),
        ({"kind": "number", "whom": SOMEBODY, "number": "0355551234"}, "number"),
        ({"kind": "agent", "whom": SOMEBODY, "agent": ""}, "agent"),
    ],
)
async def test_what_is_so_and_what_was_stand_beside_who_said_it_and_why(
    tmp_path: Path, fields: dict[str, str], told: str
) -> None:
    """One by one, without a script."""
    async with browser(tmp_path) as page:
        seen = await corrected(page, **fields)
        (entry,) = journal(page, "corrected")

    assert told.partition("{")[0] in seen
    assert "頼まれた" in seen
    assert entry.detail["kind"] == fields["kind"]


@pytest.mark.parametrize("because", ["first_stream", "internal_domain"])
async def test_that_a_side_was_a_guess_is_told_of_what_it_was(
    tmp_path: Path, because: SideBecause
) -> None:
    """Else the list states what nobody ever knew."""
    guessed = tuple(
        msgspec.structs.replace(each, because=because)
        if isinstance(each, StreamPartyKnown)
        else each
        for each in inbound(agent="sip:4711@x.example")
    )
    own = str(recording_id(5))
    async with browser(tmp_path) as page:
        adopt(page.engine, adoption(5, guessed))
        fields = {"recording": own, "reason": "x", "kind": "number", "number": "4712"}
        await page.send(f"/calls/{own}/corrections", {**fields, "whom": SOMEBODY})
        told = (await page.see(f"/calls/{own}")).text.partition('id="corrections"')[2]

    marks = told.partition("</table>")[0].count("?</span>side <small>a guess</small>")
    assert marks == (1 if because == "first_stream" else 0)


async def test_the_journal_has_what_it_has_by_the_command_line(tmp_path: Path) -> None:
    """The same use case: no second way of writing it."""
    side = SideCorrected(whom=ByStream(stream=0), side="unknown")
    async with browser(tmp_path) as page:
        await corrected(page, kind="queue", queue="vip")
        await corrected(page, kind="side", whom=SOMEBODY, side="unknown")
        entries = journal(page, "corrected")

    for entry, change in zip(entries, (QueueCorrected(queue="vip"), side), strict=True):
        assert entry.detail.items() >= entry_of(change).items()


async def test_a_tag_is_taken_away_and_what_it_was_is_still_there(tmp_path: Path) -> None:
    """With who, when and why."""
    async with browser(tmp_path) as page:
        await page.send(f"{PATH}/tags", {"recording": CALL, "tag": "gold"})
        fields = {"recording": CALL, "taken": "gold", "taken-reason": "wrong call"}
        sent = await page.send(f"{PATH}/tags/take", fields)
        answer = await page.see(PATH)

    assert (sent.status_code, sent.headers["location"]) == (303, f"{PATH}#notes")
    assert "tag removed gold" in text_of(answer)
    assert "wrong call" in text_of(answer)
    assert "<option>gold</option>" not in answer.text


async def test_a_tag_that_is_not_there_is_said_beside_the_field(tmp_path: Path) -> None:
    """A colleague was quicker."""
    async with browser(tmp_path) as page:
        await page.send(f"{PATH}/tags", {"recording": CALL, "tag": "gold"})
        answer = await page.send(f"{PATH}/tags/take", {"recording": CALL, "taken": "silver"})

    assert answer.status_code == 422
    assert "no such tag" in text_of(answer)
    assert 'aria-describedby="taken-wrong"' in answer.text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": "queue", "queue": "vip", "reason": " "}, "Say why it is so."),
        ({"kind": "purpose", "purpose": "nonsense"}, "purposes"),
        ({"kind": "purpose"}, "every one"),
        ({"kind": "side", "whom": "participant:nobody", "side": "agent"}, "no such participant"),
    ],
)
async def test_what_cannot_be_corrected_says_why_and_keeps_what_was_typed(
    tmp_path: Path, fields: dict[str, str], told: str
) -> None:
    """The form is open, and nothing is written."""
    async with browser(tmp_path) as page:
        sent = {"recording": CALL, "reason": "因", **fields}
        answer = await page.send(f"{PATH}/corrections", sent)
        seen = await page.see(PATH)

    assert answer.status_code == 422
    assert told in text_of(answer)
    assert "<details open>" in answer.text
    assert "Nothing was corrected." in text_of(seen)


@pytest.mark.parametrize("fields", [{"kind": "note"}, {"kind": "side", "side": "node"}, {}])
async def test_what_no_form_of_ours_says_is_refused(tmp_path: Path, fields: dict[str, str]) -> None:
    """Before anything is asked of anybody."""
    async with browser(tmp_path) as page:
        sent = {"recording": CALL, "reason": "x", "whom": SOMEBODY, **fields}
        answer = await page.send(f"{PATH}/corrections", sent)

        assert journal(page, "corrected") == []
    assert answer.status_code == 422


async def test_who_may_not_correct_is_offered_no_form(tmp_path: Path) -> None:
    """What was corrected is read all the same."""
    async with browser(tmp_path, Role.REVIEWER) as page:
        page.sessions.purpose = "quality"
        answer = await page.see(PATH)

    assert "/corrections" not in answer.text
    assert "/tags/take" not in answer.text
