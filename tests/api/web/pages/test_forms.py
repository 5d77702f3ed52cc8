"""Forms: only those of our own pages, in their own session."""

from pathlib import Path

import pytest
from starlette.requests import Request

from api.web.pages.forms import MAX_FIELDS, Form, FormRefused, is_own_origin
from tests.api.web.pages.browser import FORM, KEY, browser

PURPOSE = {"purpose": "quality", "next": "/calls"}


def asked(**headers: str) -> Request:
    """A request to this host with these headers."""
    named = {
        "host": "rokuon.example",
        **{key.replace("_", "-"): each for key, each in headers.items()},
    }
    return Request(
        {
            "type": "http",
            "scheme": "https",
            "path": "/",
            "headers": [(name.encode(), value.encode()) for name, value in named.items()],
        }
    )


@pytest.mark.parametrize(
    ("headers", "is_own"),
    [
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "cross-site", "origin": "https://rokuon.example"}, False),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "none"}, False),
        ({"origin": "https://rokuon.example"}, True),
        ({"origin": "https://rokuon.example.attacker.example"}, False),
        ({"origin": "http://rokuon.example"}, False),
        ({"origin": "null"}, False),
        ({}, False),
    ],
)
def test_only_a_page_of_the_same_origin_sends_forms(headers: dict[str, str], is_own: bool) -> None:
    """What the browser itself says of the sender counts first; who says nothing is refused."""
    assert is_own_origin(asked(**headers)) is is_own


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({**PURPOSE, "form_key": ""}, FORM),
        ({**PURPOSE, "form_key": "another session's"}, FORM),
        (PURPOSE, FORM),
        ({**PURPOSE, "form_key": KEY}, {**FORM, "Origin": "https://attacker.example"}),
        ({**PURPOSE, "form_key": KEY}, {**FORM, "Sec-Fetch-Site": "cross-site"}),
        ({**PURPOSE, "form_key": KEY}, {**FORM, "Content-Type": "text/plain"}),
    ],
)
async def test_a_form_that_is_not_of_this_session_does_nothing(
    tmp_path: Path, fields: dict[str, str], headers: dict[str, str]
) -> None:
    """Another site may make a browser send anything but the key."""
    async with browser(tmp_path) as page:
        answer = await page.client.post("/purpose", data=fields, headers=headers)

    assert (answer.status_code, page.sessions.purpose) == (403, "technical")
    assert "form_refused" in answer.text


async def test_a_form_of_this_session_is_carried_out(tmp_path: Path) -> None:
    """The same form with all that it takes: else the refusals above show nothing."""
    async with browser(tmp_path) as page:
        answer = await page.send("/purpose", PURPOSE)

    assert (answer.status_code, answer.headers["location"]) == (303, "/calls")
    assert page.sessions.purpose == "quality"


def test_a_form_with_more_fields_than_any_of_ours_is_refused() -> None:
    """Each costs memory before anybody has looked at it."""
    with pytest.raises(FormRefused):
        Form.parse("&".join(f"f{n}=1" for n in range(MAX_FIELDS + 1)))


def test_blanks_around_what_was_typed_are_no_part_of_it_but_of_a_secret_they_are() -> None:
    """A password may begin with a blank."""
    form = Form.parse("name=+a+&name=+b&secret=+x+")

    assert (form.text("name"), form.all("name"), form.secret("secret")) == ("a", ("a", "b"), " x ")
    assert (form.text("missing"), form.all("missing")) == ("", ())
