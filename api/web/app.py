"""Puts the HTTP interface together from the services that it is handed.

Knows nothing of configuration, sockets or clocks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI

from api.live import Board, Desk, LiveControl
from api.retrieval import AudioSource, Retrieval
from api.web import calls, health, live, recordings
from api.web.limits import BodyLimit
from api.web.problems import SCHEMA, SCHEMA_NAME, install
from archive.catalog.engine import AsyncEngine

BASE: Final = "/api/v1"
_VERSION: Final = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the API needs: the catalog (`open_async_engine`), sound, µs UTC, and the country
    (ISO 3166 alpha-2, "" = unknown) in which national numbers of a search are read; `desk` asks
    the node that records.
    """

    engine: AsyncEngine
    audio: AudioSource
    clock_us: Callable[[], int]
    desk: Desk
    country: str = ""


class _Application(FastAPI):
    """The routes; their document is made when somebody asks for it, for it takes long."""

    def openapi(self) -> dict[str, Any]:
        """The document with the one answer that every route may give."""
        document = super().openapi()
        document["components"]["schemas"][SCHEMA_NAME] = SCHEMA
        return document


def create_app(services: Services) -> FastAPI:
    """The ASGI application; the caller disposes of the engine."""
    app = application()
    retrieval = Retrieval(
        engine=services.engine,
        audio=services.audio,
        clock_us=services.clock_us,
        country=services.country,
    )
    app.state.retrieval = retrieval
    app.state.live = LiveControl(retrieval, services.desk, Board(services.desk))
    return app


def application() -> FastAPI:
    """All routes, not yet able to answer."""
    app = _Application(
        title="Rokuon",
        version=_VERSION,
        openapi_url=f"{BASE}/openapi.json",
        docs_url=None,  # its pages load scripts from other origins
        redoc_url=None,
        redirect_slashes=False,
    )
    install(app)
    app.add_middleware(BodyLimit)
    for router in (calls.router, recordings.router, live.router, health.router):
        app.include_router(router, prefix=BASE)
    return app
