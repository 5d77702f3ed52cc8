"""The catalog's URL as it may be shown.

Knows nothing of what lies there.
"""

from typing import Final
from urllib.parse import quote

HIDDEN: Final = "***"
# As a driver takes them behind the question mark.
_SECRETS: Final = ("password", "passfile", "sslpassword")


def without_password(url: str) -> str:
    """The URL with marks in the place of secrets; of one that cannot be read nothing is shown."""
    # Only who shows it needs what reads it: commands start faster so.
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return HIDDEN
    there = {key: HIDDEN for key in _SECRETS if key in parsed.query}
    shown = parsed.update_query_dict(there).render_as_string(hide_password=True)
    return shown.replace(quote(HIDDEN, safe=""), HIDDEN)
