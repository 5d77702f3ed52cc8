"""What a case does to a recording."""

import pytest

from archive.flaws import Flaw
from archive.lifecycle.measures import Measure, MeasureKind, MeasureRefused


@pytest.mark.parametrize("case", ["", " D-1", "D 1", "/1", "D-1\n", "x" * 65, "件-1"])
def test_a_case_has_the_id_that_a_purpose_could_name(case: str) -> None:
    """Else nobody could work on it: the purpose is `case:ID`."""
    with pytest.raises(MeasureRefused) as refused:
        Measure(kind=MeasureKind.FREEZE, case=case)

    assert (refused.value.field, refused.value.flaw) == ("case", Flaw.NO_CASE)


@pytest.mark.parametrize("kind", [each for each in MeasureKind if each is not MeasureKind.FREEZE])
def test_only_what_keeps_may_be_of_a_whole_conversation(kind: MeasureKind) -> None:
    """What comes to a conversation later is not erased by who has never seen it."""
    with pytest.raises(MeasureRefused) as refused:
        Measure(kind=kind, case="D-1", whole_conversation=True)

    assert refused.value.flaw is Flaw.NOT_WHOLE
