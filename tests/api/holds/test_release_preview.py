"""What letting go of a hold would do, as `explain` would say it afterwards."""

from pathlib import Path

from api.holds.release_preview import ReleasePreview
from archive.catalog.database.engine import writing
from archive.catalog.retention.revisions import NewRevision, append_revision
from tests.api.holds.scene import hold_site, wish
from tests.archive.catalog.examples import NOW_US, author, recording_id

POLICY = """form = 1
zone = "Asia/Tokyo"
[[rule]]
id = "default"
[rule.audio]
delete_after = "{after}"
"""


async def test_what_nothing_else_keeps_is_told_by_when_it_goes(tmp_path: Path) -> None:
    """Due at once, on a day, or not at all; what another hold keeps is not counted as due."""
    found = {}
    async with hold_site(tmp_path) as site:
        own = (await site.placements.place(site.owner, wish())).hold.number
        await site.placements.place(site.owner, wish(recording_id(1).raw))
        for after in ("never", "P1D", "P9Y"):
            new = NewRevision(
                text=POLICY.format(after=after), in_force_us=NOW_US, is_retroactive=True
            )
            with writing(site.it.engine) as connection:
                append_revision(connection, author(), new)
            found[after] = await site.releases.preview(site.other, own)

    assert found == {
        "never": ReleasePreview(held=3, grace_days=7, judged=3, kept=3),
        "P1D": ReleasePreview(held=3, grace_days=7, judged=3, kept=1, due=2),
        "P9Y": ReleasePreview(held=3, grace_days=7, judged=3, kept=1, dated=2),
    }
