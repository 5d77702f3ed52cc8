"""XML within limits."""

import pytest

from capture.metadata.body_limits import (
    MAX_ATTRIBUTE_CHARS,
    MAX_ATTRIBUTES,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_METADATA_BYTES,
    MAX_TEXT_CHARS,
    MetadataBroken,
    MetadataForbidden,
    MetadataTooLarge,
)
from capture.metadata.xml_elements import read_elements, resolve, write_fragment

LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE r [
<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">
]>
<r>&c;</r>"""


@pytest.mark.parametrize(
    "document",
    [
        LAUGHS,
        b"<!DOCTYPE r><r/>",
        b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>',
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
        b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://192.0.2.1/">%p;]><r/>',
    ],
    ids=["billion laughs", "empty DTD", "external DTD", "external entity", "parameter entity"],
)
def test_a_document_with_a_dtd_is_forbidden_before_it_does_anything(document: bytes) -> None:
    """No recording client needs one; they blow up memory, or read files and the network."""
    with pytest.raises(MetadataForbidden):
        read_elements(document)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b" ",
        b"<a>",
        b"<a></b>",
        b"<a/><b/>",
        b"<a>&undefined;</a>",
        b"<a>\xff</a>",
        b'<a b="1" b="2"/>',
        b'<?xml version="1.0" encoding="shift_jis"?><a/>',
        b'<?xml version="1.0" encoding="zlib"?><a/>',
        b'<?xml version="1.0" encoding="no-such"?><a/>',
    ],
)
def test_what_is_not_xml_is_broken(document: bytes) -> None:
    """One named error, so that the call can be kept and flagged."""
    with pytest.raises(MetadataBroken):
        read_elements(document)


def test_an_error_tells_nothing_of_the_document() -> None:
    """It is logged; the document has names and numbers of people."""
    with pytest.raises(MetadataBroken) as caught:
        read_elements(b"<secret-name><oops></secret-name>")

    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_each_limit_holds_exactly() -> None:
    """The largest that is allowed, and one past it."""
    nested = [b"<a>" * depth + b"</a>" * depth for depth in (MAX_DEPTH, MAX_DEPTH + 1)]
    many = [b"<r>" + b"<a/>" * count + b"</r>" for count in (MAX_ELEMENTS - 1, MAX_ELEMENTS)]
    long = [b"<a>%b</a>" % (b"x" * count) for count in (MAX_TEXT_CHARS, MAX_TEXT_CHARS + 1)]
    wide = [
        b"<a%b/>" % b"".join(b' a%d=""' % number for number in range(count))
        for count in (MAX_ATTRIBUTES, MAX_ATTRIBUTES + 1)
    ]
    large = [b"<a/>" + b" " * (size - 4) for size in (MAX_METADATA_BYTES, MAX_METADATA_BYTES + 1)]

    for allowed, refused in (nested, many, long, wide, large):
        read_elements(allowed)
        with pytest.raises(MetadataTooLarge):
            read_elements(refused)


def test_text_in_pieces_counts_as_one() -> None:
    """Comments and CDATA do not get around the limit."""
    pieces = b"x<!-- -->" * (MAX_TEXT_CHARS + 1)

    with pytest.raises(MetadataTooLarge):
        read_elements(b"<a>" + pieces + b"</a>")


def test_namespaces_follow_their_prefixes() -> None:
    """A prefix may be declared anywhere around, and again inside."""
    root = read_elements(b'<a xmlns="u:1" xmlns:p="u:2"><p:b xmlns="u:3"><c/></p:b><d/></a>')
    b, d = root.children
    (c,) = b.children

    assert [element.namespace for element in (root, b, c, d)] == ["u:1", "u:2", "u:3", "u:1"]
    assert resolve(c.scopes, "p") == "u:2"


def test_a_prefix_that_nobody_declared_does_not_cost_the_document() -> None:
    """Seen from session border controllers; strictly it is not well-formed."""
    (inner,) = read_elements(b"<a><tns:b tns:c='1'/></a>").children

    assert (inner.name, inner.namespace, inner.attribute("c")) == ("b", "", "1")
    assert write_fragment(inner) == '<tns:b tns:c="1"/>'


def test_a_fragment_stands_alone() -> None:
    """It is kept without the document that declared its prefixes."""
    root = read_elements(
        b'<r xmlns="u:1" xmlns:p="u:2"><p:x p:k="&lt;&#10;"><y>a&amp;b<z/>c</y></p:x></r>'
    )
    fragment = write_fragment(next(root.children))

    assert fragment == ('<p:x p:k="&lt;&#10;" xmlns="u:1" xmlns:p="u:2"><y>a&amp;b<z/>c</y></p:x>')
    assert write_fragment(read_elements(fragment.encode())) == fragment


def test_a_document_may_be_in_another_encoding_that_it_declares() -> None:
    """Latin-1 is common in older products."""
    root = read_elements('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1"))

    assert root.text == "é"


def test_white_space_before_the_declaration_is_passed_over() -> None:
    """A multipart with one line end too many."""
    assert read_elements(b'\r\n<?xml version="1.0"?><a/>').name == "a"


def test_namespaces_do_not_multiply() -> None:
    """Each extension is kept with the namespaces that it needs: 60 KB, a thousand times over."""
    for size, count in ((60_000, 10), (MAX_ATTRIBUTE_CHARS, 2_000)):
        document = b'<r xmlns:p="%s">%s</r>' % (b"u" * size, b"<p:a/>" * count)
        with pytest.raises(MetadataTooLarge):
            read_elements(document)

    usual = b'<r xmlns="urn:ietf:params:xml:ns:recording:1" xmlns:p="urn:x">%s</r>'
    assert read_elements(usual % (b"<p:a/>" * 8_000)).name == "r"
