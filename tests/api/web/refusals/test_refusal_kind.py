"""How a kind of refusal is answered."""

from api.web.refusals.refusal_kind import RefusalKind


def test_a_problem_has_the_kind_and_its_placeholders_filled() -> None:
    """What came with the kind stays beside what comes with the case."""
    kind = RefusalKind(409, "code", "Take {number}.", {"A": "1"})
    problem = kind.problem({"number": "7"}, {"B": "2"})

    assert (problem.status, problem.code, problem.headers) == (409, "code", {"A": "1", "B": "2"})
    assert problem.detail.values == {"number": "7"}
