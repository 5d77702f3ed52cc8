"""A session of the corpus as a scenario of SIPp: its messages, and what SIPp must do between them.

SIPp fills in addresses, branches and tags. Before each message but the first it waits to be told to
go on. Knows nothing of the recorder.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

from tests.scenarios.bodies import Content
from tests.vendors.script import Message, Script, placed

# SIPp cuts white space from the begin of a line; a fold comes in by this keyword.
FOLD: Final = "fold"
_RECEIVED: Final = """\
  <recv response="100" optional="true" />
  <recv response="200" rrs="true" />
"""
_TOLD: Final = '  <recv request="MESSAGE" />\n'


def write_scenario(script: Script, file: Path) -> None:
    """Write the scenario; its bodies are SIPp's keywords `body0_body` and on."""
    parts = [f'<?xml version="1.0" encoding="UTF-8" ?>\n<scenario name={quoteattr(script.name)}>\n']
    for number, message in enumerate(script.messages):
        parts += [_TOLD if number else "", _sent(message, number)]
    last = len(script.messages) + 1
    parts += [_TOLD, _bare(script.messages[0], "BYE", last), '  <recv response="200" />\n']
    file.write_text("".join([*parts, "</scenario>\n"]), "utf-8")


def contents(script: Script) -> Mapping[str, Content]:
    """The bodies, as SIPp is given them."""
    bodies = {
        f"body{number}": Content(header="", body=message.body)
        for number, message in enumerate(script.messages)
    }
    return {**bodies, FOLD: Content(header="", body="\t")}


def _places(number: int) -> dict[str, str]:
    return {
        "srs": "[remote_ip]:[remote_port]", "srs_host": "[remote_ip]",
        "src": "[local_ip]:[local_port]", "src_host": "[local_ip]",
        "transport": "[transport]", "lower_transport": "udp", "branch": "[branch]",
        "call_id": "[call_id]", "tag": "src-[pid]", "cseq": str(number + 1),
        "target": "[next_url]", "to_tag": "[peer_tag_param]" if number else "",
        "length": "[len]",
    }  # fmt: skip


def _sent(message: Message, number: int) -> str:
    filled = placed(message, _places(number))
    lines = [filled.start, *filled.headers]
    text = "\n".join(lines).replace("\r\n\t", f"\n[{FOLD}_body]")
    sent = _send(f"{text}\n\n[body{number}_body]\n")
    if message.method != "INVITE":
        return sent + _RECEIVED
    return sent + _RECEIVED + _bare(message, "ACK", number + 1)


def _bare(message: Message, method: str, cseq: int) -> str:
    """A request in the dialog that this message is of, without a body."""
    lines = {line.partition(":")[0].strip().lower(): line for line in message.headers}
    own = placed(message, _places(0))
    named = {line.partition(":")[0].strip().lower(): line for line in own.headers}
    sender = next(named[name] for name in ("from", "f") if name in named)
    target = next(lines[name] for name in ("to", "t") if name in lines).replace("{to_tag}", "")
    to = target.replace("{srs}", "[remote_ip]:[remote_port]").replace("{srs_host}", "[remote_ip]")
    text = "\n".join((
        f"{method} [next_url] SIP/2.0",
        "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]",
        "Max-Forwards: 70",
        sender,
        f"{to}[peer_tag_param]",
        "Call-ID: [call_id]",
        f"CSeq: {cseq} {method}",
        "Content-Length: 0",
    ))  # fmt: skip
    return _send(f"{text}\n\n", is_repeated=method != "ACK")


def _send(text: str, *, is_repeated: bool = True) -> str:
    retrans = ' retrans="500"' if is_repeated else ""
    return f"  <send{retrans}>\n    <![CDATA[\n\n{text}\n    ]]>\n  </send>\n"
