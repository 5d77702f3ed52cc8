"""`rokuon retention pack`, as a retention owner types it."""

import json
from hashlib import sha256

from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import installation


def test_a_pack_is_looked_at_and_taken_over() -> None:
    """Its text is written as it is shipped, so that its digest can be made anew."""
    with installation() as site:
        listed = json.loads(run_at(site, "retention", "pack", "list", "-o", "json").output)
        text = run_at(site, "retention", "pack", "show", "jp-kashikin").output
        diff = run_at(site, "retention", "pack", "diff", "jp-kashikin").output
        done = run_at(site, "retention", "pack", "take", "jp-kashikin").output
        again = run_at(site, "retention", "pack", "take", "jp-kashikin").output

    digests = {each["id"]: each["sha256"] for each in listed}
    assert digests["jp-kashikin"] == sha256(text.encode()).hexdigest()
    assert text.startswith("# Template, not legal advice.")
    assert '+id = "jp-kashikin-17"' in diff
    assert "in force" in done
    assert again.startswith("nothing changes")
