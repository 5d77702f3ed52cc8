"""A header's second byte, mapped."""

from capture.media.relay.payload_types import LOOK
from tests.capture.media.relay_scene import CALL, Stage, call


def test_kinds_that_need_a_look_are_marked_whatever_their_marker(stage: Stage) -> None:
    """Keys, and RTCP on the same port."""
    stage.tell(call(stage, {"event_types": (101,), "is_muxed": True, "types": ((101, 97),)}))
    end = stage.relay.roster.calls[CALL].ends[0]
    looked = [kind for kind, sent in enumerate(end.kinds) if sent == LOOK]

    assert looked == [*range(64, 96), 101, *range(192, 224), 229]
    assert (end.sent_kinds[101], end.sent_kinds[229]) == (97, 225)
