"""A use case is asked and written as it is declared, and as nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import ValidationError, convert
from msgspec.structs import asdict

from api.access.use_case import use_case
from api.operation.jobs import CANCEL, Jobs
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.catalog.access.grants import ListenGrant, ReadGrant
from archive.catalog.journal.authors import Author
from tests.api.examples import scene
from tests.archive.catalog.examples import access
from tests.support.web.walk import ROUTES, headers_of, token


def test_an_act_that_is_not_declared_is_not_written() -> None:
    """The document tells of one act; another one in the journal would make it untrue."""
    author = Author(access=replace(access(), acts=frozenset(CANCEL.writes)))

    assert author.entry("job_cancelled", "job:1", {}).action == "job_cancelled"
    with pytest.raises(AssertionError, match="job_started"):
        author.entry("job_started", "job:1", {})


def test_a_verb_that_is_not_declared_is_not_asked_for() -> None:
    """A use case may need one verb or another by what is asked; both are declared."""
    assert CANCEL.of(Verb.JOB_READ).needs.verbs == (Verb.JOB_READ,)
    with pytest.raises(AssertionError):
        CANCEL.of(Verb.READ)


def test_what_a_method_takes_is_what_is_asked() -> None:
    """Bounds stand once, at the parameters; the sentence of the documents is the docstring."""
    asked = convert({"number": 2}, CANCEL.asks)

    assert (CANCEL.by, CANCEL.about) == (Jobs, Jobs.cancel.__doc__)
    assert asdict(asked) == {"number": 2}
    with pytest.raises(ValidationError):
        convert({"number": 0}, CANCEL.asks)


def test_a_grant_that_is_not_declared_is_not_asked_for() -> None:
    """Verb and act of a grant are those that the document tells."""
    heard = use_case(Jobs.listed, ListenGrant)

    assert heard.under(ListenGrant) is ListenGrant
    assert (heard.needs.verbs, heard.writes) == ((Verb.LISTEN,), ("listened",))
    with pytest.raises(AssertionError):
        heard.under(ReadGrant)


async def test_who_has_one_of_several_verbs_is_let_in_by_it(tmp_path: Path) -> None:
    """The document names every role that is answered: who may propose alone sees what waits."""
    (route,) = (each for each in ROUTES if (each.method, each.path) == ("GET", "/api/v1/approvals"))
    async with scene(tmp_path) as it:
        answer = await route.ask(it.client, headers_of(token(it.engine, Role.DISCLOSURE)))
        document = (await it.client.get("/openapi.json")).json()

    assert answer.status_code == 200
    assert Role.DISCLOSURE in document["paths"][route.path]["get"]["x-rokuon-roles"]
