"""Who called, and who is recorded, as vendors' metadata says it."""

import pytest

from capture.metadata.call_roles import CallRoles, read_call_roles
from capture.metadata.snapshot_reader import parse_metadata
from tests.capture.siprec.documents import recording


def people(one: str = "sip:0312347788@carrier", two: str = "sip:2001@pbx", mark: str = "") -> str:
    return (
        f'<participant participant_id="a"><nameID aor="{one}"/></participant>'
        f'<participant participant_id="b"><nameID aor="{two}"/>{mark}</participant>'
    )


def told(body: str, user_agent: str = "") -> CallRoles:
    document = parse_metadata(recording('<session session_id="c"/>' + body))
    return read_call_roles(document, "c", ["a", "b"], country="JP", user_agent=user_agent)


def extension(body: str) -> str:
    return f'<extensiondata xmlns="urn:v">{body}</extensiondata>'


@pytest.mark.parametrize(
    ("body", "call_type"),
    [
        ("<callType><origCall/></callType>", "outbound"),
        ("<callType><termCall/></callType>", "inbound"),
        ("<callType>Incoming</callType>", "inbound"),
        ("<callType>outbound</callType>", "outbound"),
        ("<calltype>internal</calltype>", "internal"),
        ("<callType>conference</callType>", ""),
    ],
)
def test_the_call_type_is_an_element_or_a_word(body: str, call_type: str) -> None:
    """BroadWorks has an element, others a word; what nobody knows says nothing."""
    assert told(people() + extension(body)).call_type == call_type


@pytest.mark.parametrize(
    "number",
    [
        "0312347788", "+81312347788", "sip:+81312347788@x;user=phone", "tel:+81-3-1234-7788",
        "0312347788@x", "a",
    ],
)  # fmt: skip
def test_the_caller_is_meant_in_whatever_form_his_number_stands(number: str) -> None:
    """The same document may have it in two."""
    found = told(people() + extension(f"<callingPartyNumber>{number}</callingPartyNumber>"))

    assert (found.caller, found.caller_because) == ("a", "metadata")


@pytest.mark.parametrize("number", ["0398765432", "7788", "", "anonymous"])
def test_a_caller_who_is_none_of_them_says_nothing(number: str) -> None:
    """A guess would turn the call round."""
    found = told(people() + extension(f"<callingPartyNumber>{number}</callingPartyNumber>"))

    assert (found.caller, found.caller_because) == ("", "")


def test_where_two_talk_and_one_was_called_the_other_has_called() -> None:
    """The caller may have withheld his number."""
    body = people(one="sip:anonymous@anonymous.invalid")
    found = told(body + extension("<calledPartyNumber>2001</calledPartyNumber>"))

    assert (found.caller, found.caller_because) == ("a", "metadata")


def test_a_participant_may_be_marked_as_the_caller() -> None:
    """Oracle says it in the description of each."""
    mark = extension("<callingParty>true</callingParty>")

    assert told(people(mark=mark)).caller == "b"
    assert told(people(mark=mark.replace("true", "false"))).caller == ""


def test_headers_of_the_call_name_the_caller() -> None:
    """Ribbon copies them."""
    assert told(people() + extension("<fromhdr>sip:2001@pbx</fromhdr>")).caller == "b"


def test_a_client_that_names_the_caller_first_is_believed() -> None:
    """By its User-Agent; of others the order says nothing that could be read."""
    found = told(people(), user_agent="OpenSIPS (4.1.0 (x86_64/linux))")

    assert (found.caller, found.caller_because) == ("a", "dialect")
    assert told(people(), user_agent="Other").caller == ""


@pytest.mark.parametrize("name", ["recordedParty", "userID"])
def test_the_recorded_party_is_told_by_its_address(name: str) -> None:
    """Whoever it is, he is ours."""
    assert told(people() + extension(f"<{name}>2001@pbx</{name}>")).recorded == ("b",)
