"""Why somebody is not another person than who proposed, in words: from when on, and what ends it.

Pure. Knows nothing of where the words are shown.
"""

from collections.abc import Mapping
from typing import Final

from api.words.texts import Text, said
from archive.access.lineage import ROOT, Bar, Why
from archive.moments import moment

BARS: Final[Mapping[Why, str]] = {
    "same": said("Another person must do this: who proposes does not approve."),
    "login": said("Both have had the same login of the operating system; a third must approve."),
    "hand": said(
        "{maker} has had a hand in {user} (made it, gave it a role or a way in), so the two count "
        "as one person, until root says at the terminal that {user} is a person of its own: "
        "rokuon user confirm {user}"
    ),
    "one_maker": said(
        "The ways in of {users} were made or reset by {maker}, so they count as one person until "
        "{until}; at once when one of them is confirmed: by root at the terminal (rokuon user "
        "confirm {user}), or by a person in whom {maker} had no hand."
    ),
    "let_in": said(
        "The way in of {user} was made by {maker}, so it counts as one person with all others "
        "that {maker} let in, until {until}; at once when it is confirmed: by root at the terminal "
        "(rokuon user confirm {user}), or by a person in whom {maker} had no hand."
    ),
    "reset": said(
        "The way in of {user} was reset by {maker}, so it counts for what takes two persons from "
        "{until} on; at once when it is confirmed: by root at the terminal (rokuon user confirm "
        "{user}), or by a person in whom neither of the two had a hand."
    ),
}


def text_of(bar: Bar, names: Mapping[int, str]) -> Text:
    """Why two are one, by the names of users."""
    users = [names.get(each, "") for each in bar.users]
    values = {
        "maker": "root" if bar.maker == ROOT else names.get(bar.maker, ""),
        "users": ", ".join(users),
        # Root confirms one of them: whichever it knows.
        "user": users[-1] if users else "",
        "until": "" if bar.until_us is None else _told(bar.until_us),
    }
    return Text(BARS[bar.why], values)


def _told(at_us: int) -> str:
    return f"{moment(at_us):%Y-%m-%d %H:%M} UTC"
