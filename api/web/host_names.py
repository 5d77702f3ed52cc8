"""Refuses pages under a name that is not ours: any site's name may be made to lead to this machine.

Such a page would be of that site's origin, and so could read and send forms (DNS rebinding). Knows
nothing of what is asked; programs prove themselves by tokens, which no browser adds by itself.
"""

import re
from collections.abc import Set as AbstractSet
from ipaddress import ip_address
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.web.handlers import PROGRAMS, sent
from api.web.pages.cookies import LOCAL
from api.web.refusals.table import HOST_UNKNOWN

# What is the same for everybody, and what no browser asks with a proof.
OPEN: Final = (PROGRAMS, "/assets/")
_HOST: Final = re.compile(r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[^:\[\]]+?)\.?)(?::[0-9]*)?")


class HostRule:
    """ASGI middleware: 421 for a page under a name that nobody has configured."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or say which setting names the hosts."""
        app: ASGIApp = self._app
        if scope["type"] == "http" and not scope["path"].startswith(OPEN):
            request = Request(scope)
            names = request.app.state.application.place.hosts
            if not is_ours(request.headers.getlist("host"), names):
                app = sent(request, HOST_UNKNOWN.problem())
        await app(scope, receive, send)


def is_ours(hosts: list[str], names: AbstractSet[str]) -> bool:
    """Whether the one `Host` of a request is an address, this machine's own, or a name of ours.

    Nobody can have those lead elsewhere.
    """
    found = _HOST.fullmatch(hosts[0].lower()) if len(hosts) == 1 else None
    if found is None:
        return False
    name = found["v6"] or found["name"]
    return name == LOCAL or name in names or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
