"""How a browser holds a session."""

from types import SimpleNamespace

import pytest
from starlette.requests import Request
from starlette.responses import Response

from api.services import Place
from api.sign_in.terms import SignInStep
from api.web.pages.cookies import (
    BROWSER,
    SESSION,
    client_of,
    form_key,
    held,
    hold_session,
    is_private,
    name_of,
    renewal,
)


def asked(scheme: str = "https", cookie: str = "") -> Request:
    """A request over that way with that cookie."""
    headers = [(b"host", b"x"), (b"cookie", cookie.encode())]
    scope = {"type": "http", "scheme": scheme, "path": "/", "headers": headers}
    return Request({**scope, "client": ("192.0.2.7", 1), "server": ("x", 443)})


@pytest.mark.parametrize(
    ("client", "headers", "is_one"),
    [
        ("127.0.0.1", {"host": "127.0.0.1:8080"}, True),
        ("::1", {"host": "[::1]:8080"}, True),
        ("127.0.0.1", {"host": "localhost"}, True),
        ("192.0.2.7", {"host": "127.0.0.1"}, False),
        ("127.0.0.1", {"host": "rokuon.example.com"}, False),
        ("127.0.0.1", {"host": "192.0.2.1"}, False),
        ("127.0.0.1", {"host": "127.0.0.1", "x-forwarded-for": "192.0.2.7"}, False),
        ("127.0.0.1", {"host": "127.0.0.1", "forwarded": "for=192.0.2.7"}, False),
    ],
)
def test_what_a_proxy_passes_on_without_tls_does_not_stay_on_this_machine(
    client: str, headers: dict[str, str], *, is_one: bool
) -> None:
    """Of a proxy that nobody has named all comes from here: its browsers would send in clear."""
    assert is_private(in_clear(client, headers, local_browser=True)) is is_one


def in_clear(client: str, headers: dict[str, str], *, local_browser: bool) -> Request:
    """A request without TLS."""
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    place = Place(local_browser=local_browser)
    app = SimpleNamespace(state=SimpleNamespace(application=SimpleNamespace(place=place)))
    scope = {"type": "http", "scheme": "http", "path": "/", "query_string": b"", "headers": raw}
    return Request({**scope, "client": (client, 1), "app": app})


def test_without_tls_nothing_is_this_machine_s_browser_unless_it_was_said() -> None:
    """A bare `proxy_pass` sends the name of the loopback and no header: nothing tells it apart."""
    request = in_clear("127.0.0.1", {"host": "127.0.0.1:8080"}, local_browser=False)

    assert not is_private(request)


@pytest.mark.parametrize(("scheme", "prefix"), [("https", "__Host-"), ("http", "")])
def test_over_tls_no_other_host_can_set_the_cookie(scheme: str, prefix: str) -> None:
    """The prefix says so to the browser; without TLS some refuse it."""
    assert name_of(asked(scheme), SESSION) == f"{prefix}rokuon"


def test_a_session_is_out_of_reach_of_scripts_and_of_other_sites() -> None:
    """And over TLS alone where there is TLS; it ends with the browser."""
    response = Response()
    hold_session(response, asked(), SignInStep(secret="s", stage="full", browser="b"))  # noqa: S106
    session, browser = response.headers.getlist("set-cookie")

    for each in (session, browser):
        assert "HttpOnly" in each
        assert "SameSite=lax" in each
        assert "Secure" in each
        assert "Path=/" in each
        assert "Domain" not in each
    assert "Max-Age" not in session
    assert "Max-Age" in browser


def test_a_renewed_secret_is_held_under_the_same_name() -> None:
    """Else the old one would go on being sent."""
    assert renewal(asked(), "next").startswith("__Host-rokuon=next;")


def test_where_an_attempt_comes_from_is_its_address_and_its_browser() -> None:
    """A known browser is counted by itself."""
    client = client_of(asked(cookie=f"__Host-{BROWSER}=known"))

    assert (client.address, client.browser) == ("192.0.2.7", "known")


def test_forms_before_a_session_keep_their_key_and_every_browser_has_another() -> None:
    """Who opens two pages sends either."""
    assert form_key(asked(cookie="__Host-rokuon-form=mine")) == "mine"
    assert form_key(asked()) != form_key(asked())
    assert held(asked(), SESSION) == ""
