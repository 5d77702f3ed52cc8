"""What is wrong with a request that does not have the form of its route, one by one.

Knows nothing of routes; never repeats what was sent.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from api.web.http.problems import Fault
from api.words.texts import Text, as_it_is, said

NO_MOMENT: Final = "no_moment"
# Where at least one is wanted, none is what was sent.
EMPTY: Final = said("it must not be empty")
# By pydantic's types of errors; the placeholders are those of its context.
_DATE: Final = said("a day is expected, such as 2027-04-01")
TEXTS: Final[Mapping[str, str]] = {
    "missing": said("it is required"),
    "extra_forbidden": said("nothing is called that here"),
    "json_invalid": said("this is no JSON"),
    "string_type": said("text is expected"),
    "int_type": said("a whole number is expected"),
    "int_parsing": said("a whole number is expected"),
    "int_parsing_size": said("a whole number is expected"),
    "int_from_float": said("a whole number is expected"),
    "bool_type": said("true or false is expected"),
    "list_type": said("a list is expected"),
    "model_type": said("an object is expected"),
    "model_attributes_type": said("an object is expected"),
    "string_pattern_mismatch": said("it has not the form that docs/openapi.json says"),
    "string_too_short": said("at least {min_length} characters"),
    "string_too_long": said("at most {max_length} characters"),
    "too_short": said("at least {min_length} entries"),
    "too_long": said("at most {max_length} entries"),
    "greater_than_equal": said("at least {ge}"),
    "less_than_equal": said("at most {le}"),
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "literal_error": said("one of: {expected}"),
    "enum": said("one of: {expected}"),
    "union_tag_invalid": said("one of: {expected_tags}"),
    "union_tag_not_found": said("it must say of which kind it is: {discriminator}"),
    NO_MOMENT: said("a time is written 2026-10-29T17:42:10+09:00, with its offset"),
}


def faults_of(errors: Iterable[Mapping[str, Any]]) -> Iterator[Fault]:
    """Each error of the framework with its place; one that has no text of ours stays as it is."""
    for error in errors:
        pointer = "/" + "/".join(_escaped(step) for step in error["loc"][1:])
        yield Fault(pointer, _text(error))


def _text(error: Mapping[str, Any]) -> Text:
    source, context = TEXTS.get(error["type"]), error.get("ctx", {})
    if source is None:
        return as_it_is(error["msg"])
    if context.get("min_length") == 1:
        return Text(EMPTY)
    return Text(source, {name: str(value) for name, value in context.items()})


def _escaped(step: object) -> str:
    """One step of a JSON pointer (RFC 6901 §3)."""
    return str(step).replace("~", "~0").replace("/", "~1")
