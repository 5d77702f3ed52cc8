"""What persons say of proposals."""

from pathlib import Path

from archive.access.approvals import Kind
from archive.catalog.access.approvals import propose
from archive.catalog.access.proposal_comments import Comment, add_comment, comments_of
from archive.catalog.accounts.persons import add_user
from archive.catalog.database.engine import writing
from tests.archive.catalog.examples import NOW_US, author, new_catalog
from tests.told import all_told


def test_comments_stand_with_their_proposal_in_their_order(tmp_path: Path) -> None:
    """The journal says who commented, not what."""
    with writing(new_catalog(tmp_path)) as connection:
        for name in ("a", "b"):
            add_user(connection, author(), name)
        one, other = (
            propose(connection, author(user=1), Kind.TELL_EVENTS, bytes(32), "") for _ in range(2)
        )
        for by, what in ((2, "which contract?"), (1, "that of May")):
            add_comment(connection, author(user=by), one, what)
        found = comments_of(connection, [one, other])
        told = [each.entry for each in all_told(connection)]

    assert found == {
        one: (
            Comment(by=2, at_us=NOW_US, content="which contract?"),
            Comment(by=1, at_us=NOW_US, content="that of May"),
        )
    }
    assert [(entry.action, entry.target, entry.detail) for entry in told[-2:]] == [
        ("proposal_commented", f"proposal:{one}", {})
    ] * 2
