"""What is wrong with a policy, and where."""

from retention.rules.policy_flaws import WHOLE, PolicyFlaw, PolicyPlace, fault


def test_a_place_within_a_place_has_both() -> None:
    """A key is named as it is written in the file."""
    rule = PolicyPlace(rule="a", number=1)

    assert rule.at("audio").at("delete_after") == PolicyPlace(
        rule="a", number=1, key="audio.delete_after"
    )
    assert WHOLE.at("zone") == PolicyPlace(key="zone")


def test_a_fault_says_where_and_what_for_the_log() -> None:
    """In words of ours, without what was written."""
    wrong = fault(PolicyFlaw.PERIOD, PolicyPlace(rule="a", key="audio.delete_after"), period="P1H")

    assert str(wrong) == "a, audio.delete_after: period"
    assert str(fault(PolicyFlaw.CUT_SHORT)) == "cut_short"
    assert wrong.values == {"period": "P1H"}
