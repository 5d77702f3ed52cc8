"""What a reload takes up, and what waits for a restart."""

from pathlib import Path

import pytest

from rokuon.config.load import parse
from rokuon.config.restart import waiting_for_restart
from rokuon.config.schema import Config

TLS = '[sip]\ncertificate = "a.pem"\nkey = "a.key"\n'
ROUTE = '[[target]]\nname = "t"\nuri = "sip:t.example"\n[[route]]\nname = "r"\nto = ["t"]\n'


def config(text: str) -> Config:
    return parse(text, name="-", base=Path("/nowhere"))


@pytest.mark.parametrize(
    ("before", "after", "waiting"),
    [
        ("", "", ()),
        ("", '[[source]]\nname = "a"\naddress = ["192.0.2.1/32"]\n', ()),
        (TLS, TLS.replace("a.", "b."), ()),
        (TLS, TLS + "tls_port = 5062\n", ("sip.tls_port",)),
        ("", TLS, ("sip.certificate", "sip.key")),
        ("", "[metrics]\nport = 9000\n[limits]\nmax_calls = 7\n",
         ("metrics.port", "limits.max_calls")),
        ("", '[[target]]\nname = "t"\nuri = "sip:t.example"\n'
             '[[route]]\nname = "r"\nto = ["t"]\nhours = "h"\n'
             '[[hours]]\nname = "h"\nopen = ["mon 09:00-10:00"]\n'
             '[[prompt]]\nname = "p"\nfile = "p.wav"\n'
             '[inline]\nemergency = ["110"]\nemergency_to = ["t"]\nsession_expires_s = 900\n',
         ("route",)),
        (ROUTE, ROUTE.replace('to = ["t"]', 'to = ["t"]\nring_s = 20'), ()),
        ("", '[inline]\ndscp_media = 0\ndscp_sip = 0\nrelay_loop = "python"\n'
             'relay_priority = "normal"\n',
         ("inline.dscp_media", "inline.dscp_sip", "inline.relay_loop", "inline.relay_priority")),
    ],
    ids=["nothing", "source", "certificate", "port", "first certificate", "others",
         "first route", "routes", "marks"],
)  # fmt: skip
def test_settings_that_are_read_at_the_start_alone_are_named(
    before: str, after: str, waiting: tuple[str, ...]
) -> None:
    """Whoever reloads and hears nothing believes that all of it was taken up."""
    assert waiting_for_restart(config(before), config(after)) == waiting
