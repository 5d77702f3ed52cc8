"""Whose word there is for a plan."""

from api.destruction.words import KIND, act_of
from archive.approvals import Kind, digest_of


def test_what_is_approved_is_one_plan_and_nothing_else() -> None:
    """Another digest, or another kind of act, is another thing."""
    assert KIND is Kind.APPROVE_PLAN
    assert act_of(b"a" * 32) == digest_of(KIND, {"sha256": (b"a" * 32).hex()})
    assert act_of(b"a" * 32) != act_of(b"b" * 32)
