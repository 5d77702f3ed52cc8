"""The forms of what is asked over signalling's socket."""

import msgspec

from archive.call.live import LiveCall, LiveCalls, Participant, Question, Trouble, Wish


def test_a_question_and_its_answer_survive_the_socket() -> None:
    """One line of JSON each way."""
    who = Participant(side="agent", aor="sip:2001@pbx.example")
    question = Question(recording="00", wish=Wish.TELL, by="yamada", who=who)
    call = LiveCall(
        recording="00",
        source="pbx",
        started_us=1,
        caller="sip:a@b",
        called="sip:c@d",
        streams=2,
        on_hold=False,
        troubles=(Trouble.ONE_WAY,),
    )
    answer = LiveCalls(total=1, calls=(call,))

    assert msgspec.json.decode(msgspec.json.encode(question), type=Question) == question
    assert msgspec.json.decode(msgspec.json.encode(answer), type=LiveCalls) == answer


def test_a_question_says_only_what_it_has_to_say() -> None:
    """Who asks for everything sends two braces, as a former version did."""
    assert msgspec.json.encode(Question()) == b"{}"
