"""The API's way to signalling."""

import pytest

from api.errors import NodeAway
from api.live import Told, Wish
from archive.ids import DEFAULT_TENANT, RecordingId
from capture.questions import LiveCalls
from rokuon.compose.desk import SocketDesk
from tests.rokuon.compose.test_live import CALL, signalling
from tests.rokuon.installation import Installation


async def test_calls_and_wishes_cross_as_they_are(site: Installation) -> None:
    """With the tenant that narrows them down, and the reason of a refusal."""
    desk = SocketDesk(site.config)
    refused = LiveCalls(total=0, calls=(), refused="already_paused")
    with signalling(site, LiveCalls(total=1, calls=(CALL,)), refused) as heard:
        (call,) = await desk.calls()
        wish = Wish(
            action="tell", recording=RecordingId(b"r" * 16), tenant=DEFAULT_TENANT, by="yamada",
            who=Told(side="agent", agent="a17"),
        )  # fmt: skip
        said = await desk.do(wish)

    assert (call.recording, call.state, call.troubles) == ("ab" * 16, "on_hold", ("lossy",))
    assert said == "already_paused"
    for word in (b'"wish":"tell"', b'"agent":"a17"', DEFAULT_TENANT.raw.hex().encode()):
        assert word in heard[1]


async def test_a_node_that_does_not_run_is_away(site: Installation) -> None:
    """Not an error of ours."""
    with pytest.raises(NodeAway):
        await SocketDesk(site.config).calls()
