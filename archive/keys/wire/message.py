"""What every message between client and key daemon has.

Knows none of them.
"""

import msgspec


class AskMessage(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="ask", forbid_unknown_fields=True
):
    """A request; its kind is its tag."""


class AnswerMessage(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is no refusal."""

    ok: bool = True
