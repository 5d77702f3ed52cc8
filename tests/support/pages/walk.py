"""What tests of walk share."""

from tests.api.examples import CALL

FIELDS: dict[str, dict[str, str | list[str]]] = {
    "/purpose": {"purpose": "quality"},
    "/calls/{conversation}/notes": {"recording": CALL, "note": "x"},
    "/calls/{conversation}/tags": {"recording": CALL, "tag": "x"},
    "/calls/{conversation}/played": {"stretches": "0-100", "channels": "1"},
    "/calls/{conversation}/tags/take": {"recording": CALL, "taken": "x"},
    "/calls/{conversation}/corrections": {
        "recording": CALL,
        "kind": "queue",
        "queue": "x",
        "reason": "x",
    },
    "/calls/{conversation}/export": {"recording": CALL, "format": "wav"},
    "/live/{recording}/{wish}": {"reason": "x"},
    "/hold-draft": {"matter": "x", "reason": "x", "review_on": "2027-04-01"},
    "/clock/confirm": {"read_at": "2027-01-04T09:12"},
    "/agents/assign": {
        **{"extension": "2001", "agent_id": "A19", "reason": "x"},
        **{"from": "2026-10-29T17:00", "to": "2026-10-29T18:00"},
    },
    "/approvals/{number}/reject": {"text": "x"},
    "/approvals/{number}/comment": {"text": "x"},
    "/people": {"name": "ono"},
    "/people/services": {"name": "erp"},
    "/people/service:{service}/tokens": {"scopes": ["ledger:read"]},
    "/people/{name}/roles": {"role": "reviewer"},
    "/people/{name}/os-names": {"os_name": "dtanaka"},
}
