"""Where nobody can sign in."""

from api.signed_in import NoSessions


async def test_no_secret_opens_anything_where_nobody_can_sign_in() -> None:
    """Without sessions there is no page."""
    assert await NoSessions().signed_in_by("anything") is None
