"""Whatever a client sends: nothing raises, little is done, and what stands there is found."""

from typing import get_args
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, strategies as st

from archive.call.mentions import (
    MAX_ADDRESS_CHARS,
    MAX_KEY_CHARS,
    MAX_MENTIONS,
    MAX_NAME_CHARS,
    Mention,
    Mentioned,
    ToldAs,
    told_beside,
)
from capture.errors import PeerBrokeProtocol
from capture.metadata.body_limits import MetadataBroken
from capture.metadata.header_mentions import told_by_callee, told_by_recorder, told_by_request
from capture.metadata.mentions import mention_of, mentions_in
from capture.metadata.snapshot_reader import parse_metadata
from capture.metadata.vendor_elements import extensions_of
from capture.sip.message import Request
from capture.sip.parser import split_message
from tests.capture.siprec.documents import recording

# Names that say something, that say nothing, that forbid, and any other.
# fmt: off
WORDS = [
    "callingPartyNumber", "calledParty", "dialedDigits", "redirectingNumber", "connectedName",
    "acd", "huntGroup", "user", "userName", "agentId", "number", "name", "id", "value",
    "item", "label", "password", "sessionGuid", "startTime", "to", "from", "x",
]
# fmt: on
NAMES = st.sampled_from(WORDS) | st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,80}", fullmatch=True)
CHARACTERS = st.one_of(
    st.sampled_from("0123456789+*#()[]<>\"';,@:.-‹›　０１ "),
    st.characters(min_codepoint=0x20, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"),
)
ADDRESSES = st.sampled_from(
    [
        "0311112222",
        "+81 3-1111-2222",
        "sip:2001@p.example",
        "tel:110",
        '"A, B" <sip:1@x>',
        "<",
        "花子",
    ]
)
TEXTS = ADDRESSES | st.text(CHARACTERS, max_size=40)


def element(name: str, attributes: dict[str, str], inside: list[str]) -> str:
    written = "".join(f" {key}={quoteattr(text)}" for key, text in attributes.items())
    return f"<{name}{written}>{''.join(inside)}</{name}>"


def elements(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    attributes = st.dictionaries(NAMES.filter(lambda name: name != "xmlns"), TEXTS, max_size=3)
    return st.builds(element, NAMES, attributes, st.lists(children, max_size=4))


EXTENSIONS = st.recursive(TEXTS.map(escape), elements, max_leaves=12)
# Beside them one thing is certain: a known element, in which nothing else stands.
KNOWN: list[tuple[str, Mention]] = [
    ("<callingPartyNumber>0399990001</callingPartyNumber>",
     Mention(told_as="caller", address="0399990001", key="callingPartyNumber")),
    ("<dialedDigits>0120999002</dialedDigits>",
     Mention(told_as="dialled", address="0120999002", key="dialedDigits")),
    ("<redirectingNumber>+819099990003</redirectingNumber>",
     Mention(told_as="redirected_by", address="+819099990003", key="redirectingNumber")),
    ("<acd><name>苦情受付</name></acd>", Mention(told_as="queue", name="苦情受付", key="acd.name")),
    ("<userName>Mei Arai</userName>",
     Mention(told_as="agent", name="Mei Arai", key="userName")),
]  # fmt: skip


def told_in(inside: str) -> tuple[Mention, ...]:
    """What a document tells with this in an extension of its call."""
    body = f'<session session_id="s"><x xmlns="urn:v">{inside}</x></session>'
    return mentions_in(extensions_of(parse_metadata(recording(body)), "s"))


def assert_small(mentions: tuple[Mention, ...]) -> None:
    """Within the limits, each with a role that there is; and the index can read their numbers."""
    assert len(mentions) <= MAX_MENTIONS
    for each in mentions:
        assert each.told_as in get_args(ToldAs)
        assert each.address or each.name
        assert len(each.address) <= MAX_ADDRESS_CHARS
        assert len(each.name) <= MAX_NAME_CHARS
        assert len(each.key) <= MAX_KEY_CHARS
    beside = told_beside([Mentioned(at_us=1, mentions=mentions, by="metadata")], "JP")
    assert {each.mention for each in beside.mentions} == set(mentions)


@given(st.lists(EXTENSIONS, max_size=4), st.sampled_from(KNOWN), st.integers(0, 4))
def test_what_an_element_tells_is_found_whatever_stands_around_it(
    others: list[str], known: tuple[str, Mention], place: int
) -> None:
    """With its role, which no neighbour can take from it."""
    xml, mention = known
    try:
        found = told_in("".join([*others[:place], xml, *others[place:]]))
    except MetadataBroken:
        return  # two attributes of a name

    assert_small(found)
    assert (mention.told_as, mention.address, mention.name) in {
        (each.told_as, each.address, each.name) for each in found
    }


@given(st.binary(max_size=200))
def test_bytes_that_are_no_document_tell_nothing(data: bytes) -> None:
    """They are refused as metadata, and nothing else happens."""
    try:
        found = parse_metadata(data)
    except MetadataBroken:
        return
    assert_small(mentions_in(extensions_of(found, "s")))


# fmt: off
LINES = st.sampled_from([
    "From", "To", "P-Asserted-Identity", "P-Preferred-Identity", "Remote-Party-ID",
    "Diversion", "History-Info", "P-Called-Party-ID", "P-Served-User", "Referred-By",
    "X-Calling-Number", "X-Queue", "X-Agent", "P-Dialled",
])
# fmt: on
SNIPPETS = st.lists(
    st.sampled_from(
        [
            b'"',
            b"<",
            b">",
            b"sip:",
            b"tel:",
            b"+81311112222",
            b"@",
            b",",
            b";index=1.",
            b"1" * 9,
            b";privacy=full",
            b";party=called",
            b"?Privacy=id",
            b" ",
            b"\\",
            "花子".encode(),
            b"\xff",
        ]
    )
    | st.binary(max_size=6),
    max_size=12,
).map(b"".join)  # fmt: skip
VALUES = SNIPPETS.map(lambda data: bytes(each for each in data if each not in b"\r\n\0"))
SURE = (b"X-Dialled-Number", b"0120999005")


def request_with(lines: list[tuple[str, bytes]], *more: tuple[bytes, bytes]) -> Request | None:
    """A call with these header lines; None where no message is made of them."""
    written = [name.encode() + b": " + value for name, value in lines]
    written += [name + b": " + value for name, value in more]
    try:
        message = split_message(
            b"\r\n".join([b"INVITE sip:4711@192.0.2.9 SIP/2.0", *written]) + b"\r\n\r\n"
        )
    except PeerBrokeProtocol:
        return None
    assert isinstance(message, Request)
    return message


@given(st.lists(st.tuples(LINES, VALUES), max_size=8))
def test_what_a_header_tells_is_found_whatever_other_headers_hold(
    lines: list[tuple[str, bytes]],
) -> None:
    """One that cannot be read says nothing, and costs no other line its word."""
    request = request_with(lines, SURE)
    if request is None:
        return
    for told in (told_by_request, told_by_recorder, told_by_callee):
        found = told(request)
        assert_small(found)
        assert ("dialled", SURE[1].decode()) in {(each.told_as, each.address) for each in found}


@pytest.mark.parametrize("around", [False, True])
def test_a_name_longer_than_any_key_is_nobodys(*, around: bool) -> None:
    """Else one document of 110 KiB held signalling up for half a minute: each of thousands of
    elements within such a one had its words read again.
    """
    long = "calleeNumber" * 8
    names = ("number", long) if around else (long,)

    assert mention_of(names, "0311112222") is None
    assert mention_of(("number", "calleeNumber"), "0311112222") is not None


def test_a_key_of_many_long_names_is_cut() -> None:
    """Each may be as long as a key."""
    found = mention_of(("number", "calledParty", "x" * MAX_KEY_CHARS), "0311112222")

    assert found is not None
    assert len(found.key) == MAX_KEY_CHARS


def test_an_address_that_cannot_be_read_costs_the_one_beside_it_nothing() -> None:
    """They are of one line."""
    request = request_with([], (b"P-Asserted-Identity", b"nobody, <tel:0311112222>"))

    assert request is not None
    assert "tel:0311112222" in {each.address for each in told_by_request(request)}
