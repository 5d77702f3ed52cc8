from archive.ids import ConversationId
from archive.locate.clues import KINDS, Clue, NotClue


def test_every_kind_of_clue_has_a_name_of_its_own() -> None:
    assert len(set(KINDS.values())) == len(KINDS)
    assert Clue(value=NotClue(ConversationId(bytes(16)))).kind == "not"
