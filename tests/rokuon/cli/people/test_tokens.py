"""`rokuon token`."""

import json

from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation


def test_a_token_is_listed_with_what_it_is_for_until_it_is_revoked(site: Installation) -> None:
    """Never with its secret; one administrator may give these scopes alone."""
    words = ("--scope", "ledger:read", "--scope", "trace:read", "--note", "for the CRM")
    secret = run_at(site, "user", "token", "listed", *words).output.strip()
    table = run_at(site, "token", "list").output
    listed = json.loads(run_at(site, "token", "list", "-o", "json").output)
    (mine,) = [each for each in listed if each["holder"] == "service:listed"]
    run_at(site, "token", "revoke", str(mine["token"]))
    after = run_at(site, "token", "list").output

    assert "service:listed" in table
    assert "for the CRM" in table
    assert secret not in table
    assert mine["scopes"] == ["ledger:read", "trace:read"]
    assert "service:listed" not in after
