"""What an agent writes of a call when it is over: its topic, in words of his own."""

from typing import Final

from eval.world.world import TOPICS, World

_WORDS: Final = ("{}の件", "{}について問い合わせ", "お客様より{}のご相談")


def note_of(world: World, call: int) -> str:
    """The same of the same call."""
    return _WORDS[call % len(_WORDS)].format(TOPICS[int(world.topic[call])])
