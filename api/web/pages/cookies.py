"""How a browser holds what it needs: the session, that it is known, the key of forms before one.

Knows nothing of what the values mean.
"""

import secrets
from ipaddress import ip_address
from typing import Final

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.responses import Response

from api.sign_in.attempts import AttemptOrigin
from api.sign_in.terms import SignInStep

# Over TLS no other host, path or scheme can set a cookie of this name.
SECURE_PREFIX: Final = "__Host-"
SESSION: Final = "rokuon"
BROWSER: Final = "rokuon-browser"
FORM: Final = "rokuon-form"
_KNOWN_FOR_S: Final = 365 * 86_400
_FORM_FOR_S: Final = 3_600
_KEY_BYTES: Final = 32
LOCAL: Final = "localhost"
# What proxies add to what they pass on (RFC 7239, and what was usual before).
FORWARDED: Final = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-proto"})


def is_private(request: Request) -> bool:
    """Whether nobody reads along: over TLS, or without leaving this machine, where that is said.

    What a web server passes on comes from this machine too, though its browser is elsewhere, and
    nothing need tell the two apart: who runs the installation says that there is none. Where the
    name that was typed there, or a header, gives one away, it is one all the same.
    """
    if _is_secure(request):
        return True
    if not request.app.state.application.place.local_browser:
        return False
    ends = (request.client.host if request.client is not None else "", request.url.hostname or "")
    return all(map(_is_this_machine, ends)) and not FORWARDED & set(request.headers)


def name_of(request: Request, cookie: str) -> str:
    """How a cookie is called on this way; some browsers refuse the prefix without TLS."""
    return SECURE_PREFIX + cookie if _is_secure(request) else cookie


def held(request: Request, cookie: str) -> str:
    """What the browser holds under that name; "" where it holds nothing."""
    return request.cookies.get(name_of(request, cookie), "")


def client_of(request: Request) -> AttemptOrigin:
    """Where an attempt to sign in comes from."""
    address = request.client.host if request.client is not None else ""
    return AttemptOrigin(address=address, browser=held(request, BROWSER))


def hold_session(response: Response, request: Request, step: SignInStep) -> None:
    """Let the browser hold the session that has begun, and that it is known."""
    _hold(response, request, SESSION, step.secret)
    if step.browser:
        _hold(response, request, BROWSER, step.browser, _KNOWN_FOR_S)


def renewal(request: Request, secret: str) -> str:
    """The header by which the browser holds another secret of its session."""
    carrier = Response()
    _hold(carrier, request, SESSION, secret)
    return MutableHeaders(raw=carrier.raw_headers)["set-cookie"]


def forget_session(response: Response, request: Request) -> None:
    """Let the browser forget its session."""
    response.delete_cookie(
        name_of(request, SESSION), secure=_is_secure(request), httponly=True, samesite="lax"
    )


def form_key(request: Request) -> str:
    """The key of the forms before there is a session: what the browser holds, else a new one."""
    return held(request, FORM) or secrets.token_urlsafe(_KEY_BYTES)


def hold_form_key(response: Response, request: Request, key: str) -> None:
    """Let the browser hold it for as long as somebody takes to sign in."""
    _hold(response, request, FORM, key, _FORM_FOR_S)


def _hold(
    response: Response, request: Request, cookie: str, value: str, for_s: int | None = None
) -> None:
    response.set_cookie(
        name_of(request, cookie),
        value,
        max_age=for_s,
        secure=_is_secure(request),
        httponly=True,
        samesite="lax",
    )


def _is_this_machine(host: str) -> bool:
    if host == LOCAL:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"
