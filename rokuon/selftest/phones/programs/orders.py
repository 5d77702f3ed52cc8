"""Orders in, events out, as JSON lines: what the programs of the phones share.

Runs in the phones' own virtual environment: the standard library alone. Knows nothing of phones.
"""

import json
import os
import queue
import sys
import threading
from collections.abc import Callable
from typing import Any

# A library that writes to stdout must not write among the events.
_EVENTS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
_WRITING = threading.Lock()


def tell(event: str, **what: Any) -> None:
    with _WRITING:
        _EVENTS.write(json.dumps({"event": event, **what}) + "\n")
        _EVENTS.flush()


def settings() -> dict[str, Any]:
    return dict(json.loads(sys.argv[1]))


def obey(phone: object, turn: Callable[[], None]) -> None:
    """Let the phone have a turn, then carry out what was ordered, until the orders end.

    An order `hold` with `call = 1` is `phone.do_hold(call=1)`.
    """
    orders: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_read, args=(orders,), daemon=True).start()
    tell("ready")
    while True:
        turn()
        try:
            line = orders.get_nowait()
        except queue.Empty:
            continue
        if line is None:
            return
        _carry_out(phone, json.loads(line))


def _read(orders: "queue.Queue[str | None]") -> None:
    for line in sys.stdin:
        orders.put(line)
    orders.put(None)


def _carry_out(phone: object, order: dict[str, Any]) -> None:
    number, do = order.pop("order"), order.pop("do")
    try:
        result, why = getattr(phone, f"do_{do}")(**order), None
    except Exception as failed:  # noqa: BLE001  # whatever a library raises is told to the test
        result, why = None, f"{type(failed).__name__}: {failed}"
    tell("done", order=number, result=result, why=why)
