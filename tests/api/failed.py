"""How often somebody did not prove who it is, as Prometheus reads it."""

from api.access.access_alarms import PROOFS, Alarms


def failed(alarms: Alarms) -> dict[str, int]:
    """By what; nothing of what never failed."""
    name = "rokuon_failed_authentications_total"
    counts = {by: alarms.registry.get_sample_value(name, {"by": by}) for by in PROOFS}
    return {by: int(count) for by, count in counts.items() if count}
