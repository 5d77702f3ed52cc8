"""What tests of telling share."""

from capture.inline.routing.route import Target
from capture.sip.build import Header
from tests.capture.inline.phone import Phone
from tests.capture.inline.stage import PBX, Stage

CAROL = Target(name="carol", uri="sip:192.0.2.28")


TARGETS = (PBX, CAROL)


TO_CAROL: Header = (b"Refer-To", b"<sip:202@192.0.2.28>")


def scene(stage: Stage, **changes: object) -> tuple[Stage, Phone]:
    """Two who talk, and a third who may be called."""
    made = Stage(reloaded=stage.reloaded, targets=TARGETS, **changes)  # type: ignore[arg-type]  # what a test changes
    made.talking()
    return made, Phone(made, "c")
