"""Which targets of a node are registered."""

from capture.inline.target_monitor import TargetMonitor
from capture.sip.registration import RegistrationState


def are_registered(targets: TargetMonitor) -> dict[str, bool]:
    """By their names, as far as a registration is wanted."""
    return {
        name: each.registration.state is RegistrationState.REGISTERED
        for name, each in targets._known.items()
        if each.registration is not None
    }
