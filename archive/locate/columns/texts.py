"""The texts that codes of agents and groups stand for: one behind the other, with where each ends.

Pure arrays. Knows nothing of what the texts say.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self, overload

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Texts(Sequence[str]):
    """A dictionary of texts by code; of the file itself where it is mapped."""

    ends: NDArray[np.uint32]
    raw: NDArray[np.uint8]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        encoded = [text.encode() for text in texts]
        ends = np.cumsum([len(each) for each in encoded]).astype("<u4")
        return cls(ends, np.frombuffer(b"".join(encoded), "u1"))

    def __len__(self) -> int:
        return len(self.ends)

    @overload
    def __getitem__(self, code: int) -> str: ...
    @overload
    def __getitem__(self, code: slice) -> Sequence[str]: ...
    def __getitem__(self, code: int | slice) -> str | Sequence[str]:
        if isinstance(code, slice):
            return self.decoded()[code]
        begin = int(self.ends[code - 1]) if code else 0
        return self.raw[begin : int(self.ends[code])].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        return iter(self.decoded())

    def decoded(self) -> list[str]:
        """All of them, in the order of their codes."""
        content, begin, texts = self.raw.tobytes(), 0, []
        for end in self.ends.tolist():
            texts.append(content[begin:end].decode())
            begin = end
        return texts

    def empty_unused(self, used: NDArray[np.bool_]) -> None:
        """Leave nothing of a text that is not used; all others keep their codes."""
        texts = self.decoded()
        left = Texts.of(text if is_used else "" for text, is_used in zip(texts, used, strict=True))
        self.ends[:] = left.ends
        self.raw[: len(left.raw)] = left.raw
        self.raw[len(left.raw) :] = 0


def coded(values: NDArray[np.int64], texts: list[str]) -> tuple[list[str], NDArray[np.int64]]:
    """The texts that are pointed to, each once and in order, the empty one first; what each has."""
    own = [texts[value] for value in np.unique(values).tolist()]
    distinct = sorted({"", *own})
    codes = {text: code for code, text in enumerate(distinct)}
    table = np.zeros(len(texts) or 1, np.int64)
    table[np.unique(values)] = [codes[text] for text in own]
    return distinct, table[values]
