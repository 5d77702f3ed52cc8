"""Parts that follow one another, or not."""

import pytest

from archive.ids import NodeId, PartName
from archive.verification.part_sequence import GOES_ON_US, Filed, course_findings
from tests.archive.reading.scenes import RECORDING, START_US

HERE, THERE = NodeId(bytes(16)), NodeId(bytes(15) + b"\x01")
NOW_US = START_US + GOES_ON_US + 1


def filed(number: int, reason: str = "length", node: NodeId = HERE, *, last: bool = False) -> Filed:
    return Filed(
        name=PartName(RECORDING, number),
        node=node,
        end_reason=reason,
        is_last=last,
        last_us=START_US,
    )


LAST = filed(2, "bye", last=True)


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([filed(0), filed(1), LAST], []),
        ([LAST, filed(1), filed(0)], []),
        ([filed(0), LAST], ["part_missing"]),
        ([filed(1), LAST], ["part_missing"]),
        ([LAST], ["part_missing", "part_missing"]),
        ([filed(0), filed(1), LAST, filed(3)], ["part_after_last"]),
        ([filed(0), filed(1, node=THERE), LAST], ["other_node"]),
        ([filed(0), filed(1, "size")], ["last_part_missing"]),
        ([filed(0), filed(1, "recovered")], []),
        ([filed(0), filed(1, "node_stopped")], []),
        ([], []),
    ],
)
def test_parts_follow_one_another_from_the_first_to_the_last(
    parts: list[Filed], found: list[str]
) -> None:
    """What a killed writer left need not go on; what was closed for its length must."""
    assert [each.fault.value for each in course_findings(parts, NOW_US)] == found


def test_a_call_that_is_up_may_lack_its_last_part() -> None:
    """Its writer has it open, or the keeper has not come to it."""
    assert list(course_findings([filed(0)], NOW_US - 1)) == []
