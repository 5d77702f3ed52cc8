"""The phone of pyVoIP with all that scenarios order: it is called, answers or denies, registers.

Runs in the phones' own virtual environment beside the self-test's programs, which it adds to.
"""

from typing import Any

import voip
from orders import tell
from pyVoIP.VoIP import VoIPCall


class Phone(voip.Phone):
    """All orders."""

    def prepare(self, sip: Any) -> None:
        if not self.asked["registers"]:
            super().prepare(sip)

    def rung(self, call: VoIPCall) -> None:
        """The library calls it in a thread of the call's own; the call lasts as long as that."""
        number = next(self._numbers)
        self.calls[number] = call
        tell("incoming", call=number, call_id=call.call_id)
        if self.asked["answers"]:
            call.answer()
        self.live(number, call)

    def do_answer(self, call: int) -> None:
        self.calls[call].answer()

    def do_deny(self, call: int) -> None:
        self.calls[call].deny()


voip.main(Phone)
