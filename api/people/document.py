"""The page of roles for people, made from the table: `python -m api.people.document docs`.

Knows nothing of who has a role.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from api.people.service_tokens import NOT_FOR_SERVICES, ON_ONE_WORD
from api.permissions.roles import UNMAPPED_ROOT, VERBS, WITHOUT_PURPOSE, Role
from api.permissions.verbs import Verb
from api.words.role_words import ACTS, DUTIES

PAGE: Final = "roles.md"
_HEAD: Final = """\
# Roles

Made from `api/permissions/roles.py` by `python -m api.people.document docs`. A role is given with a
reach (`docs/access.md`), by another person or by root; nothing is allowed that no role has. A token
may do what both its scopes and the roles of its person allow.

| role | duty |
|---|---|
"""
_NOTES: Final = """
No purpose needs to be stated for: {without}.
Root that nobody has mapped has: {root}.
A service never has: {never}.
Of the rest it has on one person's word: {alone}; all else takes two (`docs/access.md`).
"""


def page() -> str:
    """The whole page."""
    duties = "".join(f"| `{role}` | {DUTIES[role]} |\n" for role in Role)
    notes = _NOTES.format(
        without=_listed(WITHOUT_PURPOSE),
        root=_listed(UNMAPPED_ROOT),
        never=_listed(NOT_FOR_SERVICES),
        alone=_listed(ON_ONE_WORD),
    )
    return _HEAD + duties + "".join(_table()) + notes


def _table() -> Iterator[str]:
    yield f"\n| verb | may | {' | '.join(role.replace('_', ' ') for role in Role)} |\n"
    yield "|---|---|" + "---|" * len(Role) + "\n"
    for verb in Verb:
        marks = ("✓" if verb in VERBS[role] else "" for role in Role)
        yield f"| `{verb}` | {ACTS[verb]} | {' | '.join(marks)} |\n"


def _listed(verbs: frozenset[Verb]) -> str:
    return ", ".join(f"`{verb}`" for verb in Verb if verb in verbs)


def main() -> int:
    """Write the page into the folder that is named."""
    (Path(sys.argv[1]) / PAGE).write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
