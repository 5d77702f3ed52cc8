"""What differs between two recordings is found, and what is merely named otherwise is not."""

from typing import Any

from tests.sent.differences import differences, renamed_components, without_names
from tests.sent.placeholders import Placeholders
from tests.sent.requests import bodies


def document(name: str, most: int) -> dict[str, Any]:
    """One route with a body of one field."""
    own = {"title": name, "type": "object", "properties": {"reason": {"maxLength": most}}}
    body = {"schema": {"$ref": f"#/components/schemas/{name}"}}
    return {"paths": {"/holds": {"post": body}}, "components": {"schemas": {name: own}}}


def answer(**changed: object) -> dict[str, Any]:
    """An answer, and what the journal says of it."""
    return {"status": 200, "body": {"held": 2}, "journal": [{"action": "hold_placed"}], **changed}


def test_a_changed_field_of_an_answer_is_found() -> None:
    """By its place, with both values."""
    found = differences(answer(), answer(body={"held": 3, "more": None}))

    assert [*found] == ["~ body › held: 2 → 3", "+ body › more: null"]


def test_a_renamed_act_is_found() -> None:
    """Though the answer is the same."""
    (found,) = differences(answer(), answer(journal=[{"action": "hold_begun"}]))

    assert "hold_placed" in found
    assert "hold_begun" in found


def test_a_loosened_bound_is_found_under_whatever_name() -> None:
    """A component may be called otherwise, and lets no more through for it."""
    before, after = document("HoldBody", 200), document("Hold", 201)

    (found,) = differences(without_names(before), without_names(after))
    assert found.endswith("maxLength: 200 → 201")


def test_a_renamed_component_is_told_and_is_no_difference() -> None:
    """Whoever reads the list sees that names alone are new."""
    before, after = document("HoldBody", 200), document("Hold", 200)

    assert [*differences(without_names(before), without_names(after))] == []
    assert renamed_components(before, after) == ["- HoldBody", "+ Hold"]


def test_a_bound_is_tried_at_its_end_and_beyond_it() -> None:
    """Else that it was loosened is seen in the document alone."""
    schema = {"type": "object", "properties": {"reason": {"type": "string", "maxLength": 3}}}
    tried = dict(bodies(schema, {}))

    assert tried["0 reason at maxLength"] == {"reason": "xxx"}
    assert tried["0 reason beyond maxLength"] == {"reason": "xxxx"}


def test_what_is_drawn_is_told_by_its_place() -> None:
    """Two runs are equal, and the same secret twice is still seen as the same."""
    drawn, of_a_fixture = "5be1d0c7a94f3862" * 2, "f" * 8 + "0" * 24

    told = Placeholders().put([drawn, of_a_fixture, drawn])

    assert told == ["<drawn 1>", of_a_fixture, "<drawn 1>"]
