"""By whose word something is done that takes two persons."""

from pathlib import Path

import pytest

from api.access.approvals import Approvals, ApprovalWord
from api.access.two_persons import Wisher
from api.permissions.errors import ApprovalNeeded, NotAllowed
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.access.approvals import Kind
from archive.catalog.accounts.single_person import declare_one_person
from archive.catalog.database.engine import write, writing
from tests.api.register import Registered, register, service
from tests.archive.catalog.examples import author

KIND, DIGEST = Kind.TELL_EVENTS, bytes(32)


async def word(it: Registered, wisher: Wisher) -> ApprovalWord:
    """What there is for it now."""
    return await write(it.catalog, lambda c: wisher.word(c, KIND, DIGEST))


async def test_a_word_is_missing_until_it_is_proposed_and_waits_until_it_is_approved(
    tmp_path: Path,
) -> None:
    """Then it is enough, once."""
    async with register(tmp_path) as it:
        owner, other = (it.person(name, Role.RETENTION_OWNER) for name in ("owner", "other"))
        wisher = await Wisher.of(it.door, owner, Verb.EVENTS_TELL)
        first = await word(it, wisher)
        proposed = await Approvals(it.door).propose(owner, KIND, DIGEST, "")
        with pytest.raises(ApprovalNeeded):
            await word(it, wisher)
        await Approvals(it.door).give(other, proposed.number)
        seen = [first, await word(it, wisher), await word(it, wisher)]

    assert seen == [ApprovalWord.MISSING, ApprovalWord.ENOUGH, ApprovalWord.MISSING]


async def test_where_one_person_is_enough_a_services_word_is_not(tmp_path: Path) -> None:
    """Whoever issued its token is the person."""
    async with register(tmp_path) as it:
        owner = it.person("owner", Role.RETENTION_OWNER)
        with writing(it.engine) as connection:
            declare_one_person(connection, author(), None)
        wishers = [
            await Wisher.of(it.door, each, Verb.EVENTS_TELL)
            for each in (owner, service(Verb.EVENTS_TELL))
        ]
        seen = [await word(it, each) for each in wishers]

    assert seen == [ApprovalWord.OF_ONE_PERSON, ApprovalWord.MISSING]


async def test_who_lacks_the_verb_wishes_nothing(tmp_path: Path) -> None:
    """The refusal is in the journal."""
    async with register(tmp_path) as it:
        legal = it.person("legal", Role.LEGAL)
        with pytest.raises(NotAllowed):
            await Wisher.of(it.door, legal, Verb.EVENTS_TELL)

        assert len(it.journal("refused")) == 1
