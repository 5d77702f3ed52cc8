"""What an account may do, and where."""

from api.permissions.accounts import Authority, RoleGift
from api.permissions.roles import VERBS, Role
from api.permissions.verbs import Verb
from archive.access.reach import EVERYWHERE, ReachRule

SUPPORT = ReachRule(queues=frozenset({"support"}))


def test_a_token_never_allows_more_than_the_roles_and_the_roles_no_more_than_the_token() -> None:
    """The cut of both."""
    gifts = (RoleGift(role=Role.REVIEWER),)
    token = Authority(gifts=gifts, scopes=frozenset({Verb.SEARCH, Verb.EXPORT}))

    assert token.verbs == {Verb.SEARCH}
    assert Authority(gifts=gifts).verbs == VERBS[Role.REVIEWER]


def test_each_verb_reaches_as_far_as_the_roles_that_have_it() -> None:
    """A supervisor of one queue who reviews everything may not control everything."""
    both = Authority(
        gifts=(RoleGift(role=Role.REVIEWER), RoleGift(role=Role.SUPERVISOR, reach=SUPPORT)),
    )

    assert both.reach(Verb.LISTEN) == (ReachRule(), SUPPORT)
    assert both.reach(Verb.CONTROL) == (SUPPORT,)
    assert both.reach(Verb.JOURNAL) == ()


def test_without_roles_nothing_is_reached() -> None:
    """Denied by default."""
    assert Authority().verbs == frozenset()
    assert Authority().reach(Verb.SEARCH) == ()


def test_a_service_does_what_its_own_verbs_say() -> None:
    """Within its own reach, and its token's scopes."""
    service = Authority(
        own=frozenset({Verb.SEARCH, Verb.READ}), own_reach=EVERYWHERE, scopes=frozenset({Verb.READ})
    )

    assert service.verbs == {Verb.READ}
    assert (service.reach(Verb.READ), service.reach(Verb.SEARCH)) == (EVERYWHERE, ())
