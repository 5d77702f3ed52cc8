"""The other calls of a party near one of them."""

from archive.ids import ConversationId
from archive.locate.answer.bursts import BURST_US, MAX_BESIDE, PartyCall, burst_of

AT = 1_793_000_000_000_000


def party_call(name: int, after_us: int = 0) -> PartyCall:
    """A call of the party so long behind the first."""
    return PartyCall(AT + after_us, ConversationId(name.to_bytes(16)))


def test_the_calls_of_four_days_before_and_behind_are_of_one_burst() -> None:
    """Oldest first; not the call itself, and each conversation once."""
    own = party_call(1)
    before, behind = party_call(2, -BURST_US), party_call(3, BURST_US)
    far = party_call(4, BURST_US + 1)

    found = burst_of(own, [behind, own, party_call(3, BURST_US + 5), far, before])

    assert found.calls == (before, behind)
    assert found.others == 0


def test_of_many_the_nearest_are_told_and_the_others_counted() -> None:
    """Nothing is cut off in silence."""
    found = burst_of(party_call(0), [party_call(at, at) for at in range(1, MAX_BESIDE + 4)])

    assert found.calls[-1] == party_call(MAX_BESIDE, MAX_BESIDE)
    assert (len(found.calls), found.others) == (MAX_BESIDE, 3)
