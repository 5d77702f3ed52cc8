"""What is said of keys of facts: the longest fits a message, and no key is printed."""

from archive.keys.wire.facts_messages import MAX_FACTS, FactsKeysAnswer, KeepFacts
from archive.keys.wire.protocol import LENGTH, MAX_MESSAGE_BYTES, decode_answer, decode_ask, encode

ID = bytes(range(16))
ANSWER = FactsKeysAnswer(keys=((ID, bytearray(32)),) * MAX_FACTS)


def test_the_longest_request_and_answer_fit_into_a_message() -> None:
    """The client cuts to this length, and knows of no other."""
    ask = KeepFacts(plan=ID, recordings=(ID,) * MAX_FACTS)
    messages = encode(ask), encode(ANSWER)

    assert all(len(each) <= MAX_MESSAGE_BYTES for each in messages)
    assert decode_ask(messages[0][LENGTH.size :]) == ask
    assert decode_answer(messages[1][LENGTH.size :], FactsKeysAnswer) == ANSWER


def test_no_key_is_in_what_is_printed_of_an_answer() -> None:
    """Wherever it is logged."""
    assert repr(ANSWER) == "FactsKeysAnswer(…)"
