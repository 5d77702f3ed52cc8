"""The OpenAPI document and the application say the same, also to hostile requests."""

import asyncio
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import BaseSchema, GenerationMode
from schemathesis.checks import positive_data_acceptance

from api.operation.key_epochs import BackupGround
from api.permissions.verbs import Verb
from api.services import DaemonClients, Place
from api.web.app import create_app
from archive.catalog.database.engine import catalog_url, open_async_engine
from tests.api.clock_keys import PAUSED, MemoryClockKeys
from tests.api.epoch_keys import MemoryKeys
from tests.api.examples import (
    CALL,
    NO_LIMITS,
    SOUND,
    MemoryNode,
    MemoryRendering,
    MemorySource,
    bearer,
    small_archive,
)
from tests.api.sign_in_terms import TERMS
from tests.archive.catalog.examples import NOW_US
from tests.archive.hold_clients import MemoryClient
from tests.support.services import NobodyThere, services

AnyCase = schemathesis.Case[Any]
Tried = tuple[str, str, GenerationMode]

BASE = "/api/v1"
HEALTH = f"{BASE}/health"
# Its answer has no end: `test_live.py` reads as much of it as there is.
LIVE = f"{BASE}/live"
# Per operation and mode: enough for every commit; for every header and clue.
EXAMPLES = [2, pytest.param(40, marks=pytest.mark.slow)]
ID = re.compile("[0-9a-f]{32}")
OPERATIONS = [
    ("POST", f"{BASE}/calls/known"),
    ("POST", f"{BASE}/calls/search"),
    ("POST", f"{BASE}/calls/trace"),
    ("GET", f"{BASE}/calls/{{conversation}}"),
    ("GET", f"{BASE}/calls/{{conversation}}/audio"),
    ("HEAD", f"{BASE}/calls/{{conversation}}/audio"),
    ("GET", f"{BASE}/calls/{{conversation}}/retention"),
    ("GET", f"{BASE}/calls/{{conversation}}/waveform"),
    ("GET", f"{BASE}/recordings/{{recording}}"),
    ("GET", f"{BASE}/recordings/{{recording}}/audio"),
    ("HEAD", f"{BASE}/recordings/{{recording}}/audio"),
    ("GET", f"{BASE}/recordings/{{recording}}/parts"),
    ("GET", f"{BASE}/recordings/{{recording}}/peaks"),
    ("GET", f"{BASE}/recordings/{{recording}}/retention"),
    ("POST", f"{BASE}/recordings/{{recording}}/corrections"),
    ("POST", f"{BASE}/recordings/{{recording}}/notes"),
    ("POST", f"{BASE}/recordings/{{recording}}/tags"),
    ("DELETE", f"{BASE}/recordings/{{recording}}/tags/{{tag}}"),
    ("GET", f"{BASE}/recordings/{{recording}}/export"),
    ("GET", f"{BASE}/recordings/{{recording}}/export/notes"),
    ("POST", f"{BASE}/ledger/search"),
    ("GET", f"{BASE}/journal"),
    ("GET", f"{BASE}/journal/heard/{{id}}"),
    ("POST", f"{BASE}/journal/reach"),
    ("GET", f"{BASE}/agents"),
    ("PUT", f"{BASE}/agents"),
    ("POST", f"{BASE}/agents/assign"),
    ("GET", LIVE),
    ("GET", f"{LIVE}/calls"),
    ("POST", f"{LIVE}/{{recording}}/pause"),
    ("POST", f"{LIVE}/{{recording}}/resume"),
    ("POST", f"{LIVE}/{{recording}}/start"),
    ("POST", f"{LIVE}/{{recording}}/stop"),
    ("POST", f"{LIVE}/{{recording}}/participants"),
    ("GET", f"{BASE}/users"),
    ("POST", f"{BASE}/users"),
    ("GET", f"{BASE}/users/{{name}}"),
    ("DELETE", f"{BASE}/users/{{name}}"),
    ("POST", f"{BASE}/users/{{name}}/roles"),
    ("DELETE", f"{BASE}/users/{{name}}/roles/{{gift}}"),
    ("POST", f"{BASE}/users/{{name}}/os-names"),
    ("DELETE", f"{BASE}/users/{{name}}/os-names/{{os_name}}"),
    ("POST", f"{BASE}/users/{{name}}/sign-in-code"),
    ("POST", f"{BASE}/users/{{name}}/confirm"),
    ("GET", f"{BASE}/services"),
    ("POST", f"{BASE}/services"),
    ("GET", f"{BASE}/tokens"),
    ("POST", f"{BASE}/tokens"),
    ("DELETE", f"{BASE}/tokens/{{token}}"),
    ("GET", f"{BASE}/approvals"),
    ("GET", f"{BASE}/approvals/{{number}}"),
    ("POST", f"{BASE}/approvals/{{number}}/comment"),
    ("POST", f"{BASE}/approvals/{{number}}/reject"),
    ("POST", f"{BASE}/approvals/{{number}}/give"),
    ("POST", f"{BASE}/approvals/{{number}}/withdraw"),
    ("POST", f"{BASE}/installation/one-person"),
    ("DELETE", f"{BASE}/installation/one-person"),
    ("GET", f"{BASE}/policies"),
    ("PUT", f"{BASE}/policies"),
    ("POST", f"{BASE}/policies/check"),
    ("GET", f"{BASE}/policies/latest"),
    ("GET", f"{BASE}/policies/{{number}}"),
    ("GET", f"{BASE}/policies/{{number}}/difference/{{other}}"),
    ("POST", f"{BASE}/simulations"),
    ("GET", f"{BASE}/simulations/{{number}}"),
    ("GET", f"{BASE}/simulations/{{number}}/recordings"),
    ("GET", f"{BASE}/jobs"),
    ("GET", f"{BASE}/jobs/{{number}}"),
    ("POST", f"{BASE}/jobs/{{number}}/cancel"),
    ("GET", f"{BASE}/certificates"),
    ("GET", f"{BASE}/certificates/{{number}}"),
    ("GET", f"{BASE}/certificates/{{number}}/letter"),
    ("GET", f"{BASE}/certificates/{{number}}/files/{{name}}"),
    ("GET", f"{BASE}/certificates/{{number}}/proofs/{{recording}}"),
    ("GET", f"{BASE}/plans"),
    ("POST", f"{BASE}/plans"),
    ("GET", f"{BASE}/plans/{{number}}"),
    ("GET", f"{BASE}/plans/{{number}}/recordings"),
    ("POST", f"{BASE}/plans/{{number}}/approve"),
    ("POST", f"{BASE}/plans/{{number}}/apply"),
    ("POST", f"{BASE}/plans/{{number}}/stop"),
    ("POST", f"{BASE}/plans/{{number}}/withdraw"),
    ("GET", f"{BASE}/standing-approvals"),
    ("DELETE", f"{BASE}/standing-approvals"),
    ("GET", f"{BASE}/runs"),
    ("GET", f"{BASE}/overdue"),
    ("GET", f"{BASE}/tombstones"),
    ("GET", f"{BASE}/destroyed"),
    ("GET", f"{BASE}/due"),
    ("GET", f"{BASE}/backups"),
    ("POST", f"{BASE}/backups"),
    ("POST", f"{BASE}/calls/{{conversation}}/measures"),
    ("POST", f"{BASE}/calls/{{conversation}}/measures/lift"),
    ("GET", f"{BASE}/holds"),
    ("POST", f"{BASE}/holds"),
    ("GET", f"{BASE}/holds/{{number}}"),
    ("POST", f"{BASE}/holds/{{number}}/cancel"),
    ("GET", f"{BASE}/holds/{{number}}/preview"),
    ("GET", f"{BASE}/holds/{{number}}/recordings"),
    ("POST", f"{BASE}/holds/{{number}}/release"),
    ("POST", f"{BASE}/holds/{{number}}/resume"),
    ("GET", f"{BASE}/keys"),
    ("POST", f"{BASE}/keys/backup"),
    ("POST", f"{BASE}/keys/free"),
    ("POST", f"{BASE}/keys/turn"),
    ("POST", f"{BASE}/policies/{{number}}/call-back"),
    ("POST", f"{BASE}/recordings/{{recording}}/measures"),
    ("POST", f"{BASE}/recordings/{{recording}}/measures/lift"),
    ("GET", f"{BASE}/measures"),
    ("GET", f"{BASE}/retention-events"),
    ("POST", f"{BASE}/retention-events"),
    ("PUT", f"{BASE}/retention-events"),
    ("GET", f"{BASE}/retention/clock"),
    ("POST", f"{BASE}/retention/clock/confirm"),
    ("GET", f"{BASE}/rule-packs"),
    ("GET", f"{BASE}/rule-packs/{{pack}}"),
    ("PUT", f"{BASE}/rule-packs/{{pack}}"),
    ("GET", HEALTH),
    ("GET", f"{HEALTH}/live"),
    ("GET", f"{HEALTH}/ready"),
]
# Nothing can be wrong with a request that says nothing.
TRIED = [
    (method, path, mode)
    for method, path in OPERATIONS
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if not (path.startswith(HEALTH) and mode is GenerationMode.NEGATIVE) and path != LIVE
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this module's archive lies."""
    return tmp_path_factory.mktemp("contract")


@pytest.fixture(scope="module")
def token(folder: Path) -> Iterator[dict[str, str]]:
    """An archive in `folder`, and headers with a token for all of it."""
    engine = small_archive(folder)
    yield bearer(engine, tuple(Verb))
    engine.dispose()


@pytest.fixture(scope="module")
def document(folder: Path) -> Iterator[BaseSchema]:
    """What the application says of itself, served on a loopback port."""
    catalog = open_async_engine(catalog_url(folder / "catalog.db"))
    source = MemorySource(MemoryRendering(SOUND))
    app = create_app(
        services(
            engine=catalog,
            audio=source,
            clock_us=lambda: NOW_US,
            node=MemoryNode(),
            place=Place(country="JP", local_browser=True),
            sign_in=TERMS,
            limits=NO_LIMITS,
            keys=MemoryClient(),
            daemon=DaemonClients(NobodyThere(), MemoryClockKeys(PAUSED)),
            backup=BackupGround(MemoryKeys(), folder / "catalog.db", folder / "sets"),
        )
    )
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield schemathesis.openapi.from_url(f"http://127.0.0.1:{port}{BASE}/openapi.json")
        server.should_exit = True
        thread.join()
    asyncio.run(catalog.dispose())


@pytest.mark.parametrize("examples", EXAMPLES)
@pytest.mark.parametrize("tried", TRIED, ids=" ".join)
def test_the_application_does_what_its_document_says(
    document: BaseSchema, token: dict[str, str], tried: Tried, examples: int
) -> None:
    """Clients are generated from the document; a finding here is a bug that they would meet.

    What a schema cannot say (names of zones, cursors, the order of a window's ends) is refused
    with 422, so not all that fits the schema is accepted. Every second id is one that exists.
    """
    method, path, mode = tried

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(document[path][method].as_strategy(generation_mode=mode))
    def conforms(case: AnyCase) -> None:
        _meet(case)
        case.call_and_validate(headers=dict(token), excluded_checks=[positive_data_acceptance])

    conforms()


def test_every_operation_is_tried(document: BaseSchema) -> None:
    """A route that is added is tested by being added to the list."""
    found = [
        (method.upper(), path)
        for path, methods in document.raw_schema["paths"].items()
        for method in methods
    ]

    assert sorted(found) == sorted(OPERATIONS)


def _meet(case: AnyCase) -> None:
    """Point every second id to a call that exists."""
    for name, value in case.path_parameters.items():
        if ID.fullmatch(str(value)) and int(str(value), 16) % 2:
            case.path_parameters[name] = CALL
