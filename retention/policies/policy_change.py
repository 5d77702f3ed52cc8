"""Whether one policy, put in the place of another, can only keep longer.

Pure, and on the safe side: what is not plainly a lengthening is none. Knows nothing of recordings,
so it holds for those that are to come.
"""

from retention.policies.policy import RetentionPolicy
from retention.rules.rule import Asset, Never, Rank, RetentionRule, Terms


def lengthens(new: RetentionPolicy, old: RetentionPolicy) -> bool:
    """Whether every recording is kept at least as long by `new`, and goes no earlier."""
    if new.calendars != old.calendars or new.limits != old.limits:
        return False
    kept = {rule.id for rule in old.rules}
    was_all_there = all(_is_no_shorter(new.rule(rule.id), rule) for rule in old.rules)
    return was_all_there and all(_only_keeps(rule) for rule in new.rules if rule.id not in kept)


def _is_no_shorter(new: RetentionRule | None, old: RetentionRule) -> bool:
    if new is None or not _means_the_same(new, old):
        return False
    return all(_terms_are_no_shorter(new.terms_of(each), old.terms_of(each)) for each in Asset)


def _means_the_same(new: RetentionRule, old: RetentionRule) -> bool:
    return (new.rank, new.match, new.counting, new.specificity, new.minimum) == (
        old.rank, old.match, old.counting, old.specificity, old.minimum,
    )  # fmt: skip


def _terms_are_no_shorter(new: Terms, old: Terms) -> bool:
    return _keeps_as_long(new, old) and _goes_no_earlier(new, old)


def _keeps_as_long(new: Terms, old: Terms) -> bool:
    if old.keep_at_least is None:
        # A new minimum of rank policy can take the place of a longer one that is less specific.
        return new.keep_at_least is None
    return new.keep_at_least is not None and new.keep_at_least.is_never_shorter_than(
        old.keep_at_least
    )


def _goes_no_earlier(new: Terms, old: Terms) -> bool:
    if old.delete_after is None or new.delete_after is None:
        # Without it another rule may win that deletes earlier; with a new one this deletes.
        return old.delete_after is new.delete_after
    if new.delete_after is Never.NEVER:
        return True
    return old.delete_after is not Never.NEVER and new.delete_after.is_never_shorter_than(
        old.delete_after
    )


def _only_keeps(rule: RetentionRule) -> bool:
    """A minimum of law or contract can only add; one of policy can win over a longer one."""
    return rule.rank is not Rank.POLICY and all(
        terms.delete_after is None for terms in rule.terms.values()
    )
