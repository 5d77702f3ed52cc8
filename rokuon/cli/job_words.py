"""The words of what is said of jobs, by the key under which they stand.

Pure but for the language. Knows the forms of `docs/openapi.json`.
"""

from rokuon.i18n import tr


def job_words() -> dict[str, dict[str, str]]:
    """The words of codes."""
    return {
        "job_kind": {"simulation": tr("simulation of a policy")},
        "job_state": {
            "queued": tr("waits"),
            "running": tr("runs"),
            "stopping": tr("is to stop"),
            "done": tr("done"),
            "failed": tr("failed"),
            "cancelled": tr("cancelled"),
        },
        "attempt_ended": {
            "done": tr("done"),
            "failed": tr("failed"),
            "lost": tr("its worker was gone"),
            "cancelled": tr("cancelled"),
        },
    }
