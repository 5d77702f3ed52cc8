"""An XML document as a tree of elements, read within limits and without any entity.

On expat, with namespaces resolved here so that a prefix that nobody declared does not cost the
document. Knows nothing of recording metadata.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from capture.metadata.body_limits import (
    MAX_ATTRIBUTE_CHARS,
    MAX_ATTRIBUTES,
    MAX_DECLARED_CHARS,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_METADATA_BYTES,
    MAX_TEXT_CHARS,
    MetadataBroken,
    MetadataForbidden,
    MetadataTooLarge,
)

XML_SPACE: Final = " \t\r\n"
_XMLNS: Final = "xmlns"
# A carriage return would come back as a line feed (XML 1.0 §2.11).
_KEPT_IN_TEXT: Final = {"\r": "&#13;"}

Scopes = tuple[dict[str, str], ...]


class Element:
    """An element while a document is read: `qname` as written, `name` without its prefix.

    `scopes` are the namespace declarations around and in it, innermost last.
    """

    __slots__ = ("attributes", "content", "name", "namespace", "qname", "scopes", "text_chars")

    def __init__(self, qname: str, attributes: dict[str, str], around: Scopes) -> None:
        declared = _declared(attributes)
        self.qname = qname
        self.attributes = attributes
        self.scopes: Scopes = (*around, declared) if declared else around
        prefix, colon, local = qname.partition(":")
        self.name = local if colon else qname
        self.namespace = resolve(self.scopes, prefix if colon else "")
        self.content: list[Element | str] = []
        self.text_chars = 0

    @property
    def children(self) -> Iterator["Element"]:
        """The elements directly inside."""
        return (piece for piece in self.content if isinstance(piece, Element))

    @property
    def text(self) -> str:
        """The text directly inside, without white space around it."""
        return "".join(piece for piece in self.content if isinstance(piece, str)).strip(XML_SPACE)

    def attribute(self, *names: str) -> str:
        """The first of these attributes (as written, or under any prefix), "" if none is there."""
        plain = {key.rpartition(":")[2]: value for key, value in self.attributes.items()}
        found = (self.attributes.get(name, plain.get(name)) for name in names)
        return next((value for value in found if value is not None), "").strip(XML_SPACE)


def _declared(attributes: dict[str, str]) -> dict[str, str]:
    return {
        key[len(_XMLNS) :].removeprefix(":"): value
        for key, value in attributes.items()
        if key == _XMLNS or key.startswith(f"{_XMLNS}:")
    }


def resolve(scopes: Scopes, prefix: str) -> str:
    """The namespace of a prefix ("" for the default one); "" where it was never declared."""
    return next((scope[prefix] for scope in reversed(scopes) if prefix in scope), "")


class _Builder:
    def __init__(self) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._elements = 0
        self._declared_chars = 0

    def start(self, qname: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise MetadataTooLarge("a metadata document has too many elements")
        if len(self._open) == MAX_DEPTH:
            raise MetadataTooLarge("a metadata document is nested too deep")
        if len(attributes) > MAX_ATTRIBUTES:
            raise MetadataTooLarge("an element of a metadata document has too many attributes")
        if any(len(value) > MAX_ATTRIBUTE_CHARS for value in attributes.values()):
            raise MetadataTooLarge("an attribute of a metadata document is too long")
        element = Element(qname, attributes, self._open[-1].scopes if self._open else ())
        self._declared_chars += sum(len(uri) for scope in element.scopes for uri in scope.values())
        if self._declared_chars > MAX_DECLARED_CHARS:
            raise MetadataTooLarge("the namespaces of a metadata document are too long")
        if self._open:
            self._open[-1].content.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, _qname: str) -> None:
        self._open.pop()

    def text(self, text: str) -> None:
        element = self._open[-1]
        element.text_chars += len(text)
        if element.text_chars > MAX_TEXT_CHARS:
            raise MetadataTooLarge("an element of a metadata document has too much text")
        element.content.append(text)


def _forbid(*_about: object) -> NoReturn:
    raise MetadataForbidden("a metadata document has a DTD or an entity")


def read_elements(document: bytes) -> Element:
    """The root of an XML document.

    Raises `MetadataBroken` where it is not well-formed or in an encoding that is not known,
    `MetadataForbidden` at the first sign of a DTD, `MetadataTooLarge` past a limit.
    """
    if len(document) > MAX_METADATA_BYTES:
        raise MetadataTooLarge("a metadata document is too large")
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = _forbid
    parser.EntityDeclHandler = _forbid
    parser.ExternalEntityRefHandler = _forbid
    _parse(parser, document)
    assert builder.root is not None
    return builder.root


def _parse(parser: expat.XMLParserType, document: bytes) -> None:
    try:
        parser.Parse(document.lstrip(XML_SPACE.encode()), True)  # noqa: FBT003 - expat takes it so
    except expat.ExpatError as broken:
        reason = expat.ErrorString(broken.code)
        raise MetadataBroken(f"a metadata document is not XML: {reason}") from None
    except (ValueError, LookupError):
        # A declared encoding that Python does not know, or that has several bytes a character.
        raise MetadataBroken("a metadata document has an unknown encoding") from None


def write_fragment(element: Element) -> str:
    """An element as XML that stands alone: it declares every namespace that it needs.

    What is written reads as an equal element, and is then written the same.
    """
    pieces: list[str] = []
    _write(element, _missing_declarations(element), pieces)
    return "".join(pieces)


def _missing_declarations(element: Element) -> list[tuple[str, str]]:
    """The prefixes used inside with namespaces declared outside, and the default namespace."""
    here = _declared(element.attributes)
    wanted = sorted(_prefixes(element) - here.keys() - {_XMLNS, "xml"})
    found = ((prefix, resolve(element.scopes, prefix)) for prefix in wanted)
    return [
        (f"{_XMLNS}:{prefix}" if prefix else _XMLNS, namespace)
        for prefix, namespace in found
        if namespace or not prefix
    ]


def _prefixes(element: Element) -> set[str]:
    prefixes = {key.partition(":")[0] for key in element.attributes if ":" in key}
    prefixes.add(element.qname.partition(":")[0] if ":" in element.qname else "")
    for child in element.children:
        prefixes |= _prefixes(child)
    return prefixes


def _write(element: Element, added: Sequence[tuple[str, str]], pieces: list[str]) -> None:
    attributes = (*element.attributes.items(), *added)
    head = "".join((element.qname, *(f" {key}={quoteattr(text)}" for key, text in attributes)))
    if not element.content:
        pieces.append(f"<{head}/>")
        return
    pieces.append(f"<{head}>")
    for piece in element.content:
        if isinstance(piece, str):
            pieces.append(escape(piece, _KEPT_IN_TEXT))
        else:
            _write(piece, (), pieces)
    pieces.append(f"</{element.qname}>")
