"""What can be wrong with a part of what was sent."""

from archive.flaws import Flaw, PartRefused


def test_what_is_refused_says_where_and_why_and_nothing_that_was_sent() -> None:
    """It is logged as it is: words of ours and numbers."""
    refused = PartRefused("window.to", Flaw.PAGE, most=500)

    assert (str(refused), str(PartRefused("", Flaw.TABLE_TIME))) == (
        "window.to: page",
        "table_time",
    )
    assert refused.values == {"most": "500"}
