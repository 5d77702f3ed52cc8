"""In which line of a policy's text something stands."""

import pytest

from retention.policies.policy_lines import line_of
from retention.rules.policy_flaws import PolicyPlace

TEXT = """form = 1
zone = "Asia/Tokyo"
[limits]
bulk = 0
[[rule]]
id = "a"
[rule.audio]
delete_after = "P1Y"
[zones]
acme = "Mars"
[[ rule ]]
basis = { citation = 1 }
audio.delete_after = "P1H"
[rule.match.not]
  "tag" = ["x"]
"""


@pytest.mark.parametrize(
    ("number", "key", "line"),
    [
        (0, "zone", 2),
        (0, "limits.bulk", 4),
        (0, "zones.acme", 10),
        (1, "audio.delete_after", 8),
        (1, "audio.keep_at_least", 7),
        (2, "audio.delete_after", 13),
        (2, "match.not.tag", 15),
        (2, "match.not.queue", 14),
        (2, "basis.citation", 12),
    ],
)
def test_a_key_is_found_or_what_it_is_in(number: int, key: str, line: int) -> None:
    """Of two rules alike the one that is meant."""
    assert line_of(TEXT, PolicyPlace(number=number, key=key)) == line


def test_a_rule_as_a_whole_is_where_it_begins() -> None:
    """What is missing in it belongs there."""
    assert line_of(TEXT, PolicyPlace(number=2)) == 11
    assert line_of(TEXT, PolicyPlace(number=2, key="id")) == 11


def test_what_is_not_there_has_no_line() -> None:
    """A wrong number would send people elsewhere."""
    assert line_of(TEXT, PolicyPlace(key="fiscal_year_begins")) == 0
    assert line_of(TEXT, PolicyPlace(number=3, key="id")) == 0
