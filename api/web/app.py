"""Puts the HTTP interface together from the use cases that it is handed.

Knows nothing of configuration, sockets or clocks.
"""

from typing import Any, Final

from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute

from api.services import Application, Services
from api.web.answer_counts import AnswerCounts, CountedAnswers
from api.web.body_limits import BodyLimit
from api.web.calls import (
    corrections,
    exports,
    ledger,
    live_calls,
    recordings,
    retrieval,
    sip_traces,
)
from api.web.destruction import certificates, due, holds, measures, plans as destruction
from api.web.handlers import install
from api.web.host_names import HostRule
from api.web.http.problems import SCHEMA, SCHEMA_NAME
from api.web.operation import health, jobs, journal, key_epochs, machine_clock
from api.web.pages import assets, home
from api.web.pages.calls import (
    call,
    call_changes,
    call_details,
    call_sound,
    live_calls as live_page,
    search,
)
from api.web.pages.destruction import (
    destroyed,
    due as due_page,
    hold_draft,
    holds as holds_page,
    overdue,
    plans,
)
from api.web.pages.forms import FormRefused
from api.web.pages.operation import (
    health as health_page,
    jobs as jobs_page,
    journal as journal_page,
    machine_clock as clock_page,
)
from api.web.pages.people import (
    agent_seats,
    approvals as approvals_page,
    enrolment,
    own_account,
    person,
    service_account,
    sign_in,
    users as people_page,
)
from api.web.pages.refused import fetched_elsewhere, form_refused, purpose_needed, step_needed
from api.web.pages.retention import policies as policies_page, policy_draft, simulation
from api.web.pages.security import BrowserRules
from api.web.pages.visit import FetchedElsewhere, PurposeNeeded, StepNeeded
from api.web.parameters import only_known_parameters
from api.web.people import agents, approvals, tokens, users
from api.web.retention import explanations, policies, retention_events, rule_packs, simulations

BASE: Final = "/api/v1"
_VERSION: Final = "1"
# In the order of the document.
PARTS: Final = (
    retrieval,
    sip_traces,
    recordings,
    explanations,
    exports,
    corrections,
    live_calls,
    ledger,
    agents,
    journal,
    users,
    tokens,
    approvals,
    policies,
    measures,
    simulations,
    jobs,
    key_epochs,
    retention_events,
    rule_packs,
    certificates,
    destruction,
    due,
    machine_clock,
    holds,
    health,
)


# What people see; in no document.
PAGES: Final = (
    assets,
    home,
    sign_in,
    enrolment,
    search,
    call,
    call_changes,
    call_details,
    call_sound,
    live_page,
    health_page,
    journal_page,
    people_page,
    service_account,
    person,
    agent_seats,
    approvals_page,
    policies_page,
    policy_draft,
    simulation,
    holds_page,
    hold_draft,
    plans,
    clock_page,
    overdue,
    due_page,
    destroyed,
    jobs_page,
    own_account,
)


class _Application(FastAPI):
    """The routes; their document is made when somebody asks for it, for it takes long."""

    def openapi(self) -> dict[str, Any]:
        """The document with the one answer that every route may give."""
        document = super().openapi()
        document["components"]["schemas"][SCHEMA_NAME] = SCHEMA
        return document


def _routes() -> APIRouter:
    """Every route, once: what FastAPI works out of each on its first request serves every app."""
    routes = APIRouter()
    for part in PARTS:
        known = Depends(only_known_parameters)
        routes.include_router(part.router, prefix=BASE, dependencies=[known])
    for page in PAGES:
        routes.include_router(page.router)
    return routes


_ROUTES: Final = _routes()


def create_app(services: Services) -> FastAPI:
    """The ASGI application; the caller disposes of the engine."""
    app = application()
    app.state.application = Application.of(services)
    app.state.answers = AnswerCounts(app.state.application.alarms.registry)
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
    app.add_exception_handler(StepNeeded, step_needed)
    app.add_exception_handler(PurposeNeeded, purpose_needed)
    app.add_exception_handler(FormRefused, form_refused)
    app.add_exception_handler(FetchedElsewhere, fetched_elsewhere)
    app.add_middleware(BodyLimit)
    app.add_middleware(HostRule)
    app.add_middleware(BrowserRules)
    app.add_middleware(CountedAnswers)
    app.router.routes.extend(_ROUTES.routes)
    # Where something can be looked at; the addresses of forms alone are none.
    app.state.pages = frozenset(
        route.path
        for page in PAGES
        for route in page.router.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    )
    return app
