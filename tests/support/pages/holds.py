"""What tests of holds share."""

from tests.api.web.pages.real import RealBrowser

TERMS = {"matter": "M-2026-07", "reason": "claim", "review_on": "2027-04-01"}


ALL_TIME = {"from": "2026-10-01", "to": "2026-11-30"}


async def placed(it: RealBrowser, **more: str) -> str:
    """A hold over what a search finds; its address."""
    answer = await it.send("/hold-draft", {**ALL_TIME, **TERMS, **more})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]
