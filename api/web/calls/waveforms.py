"""The waveform of a call as it is answered: its channels and peaks, and why it is silent.

Knows nothing of how it is drawn or made.
"""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Self

from pydantic import BaseModel

from api.web.http.times import shown
from archive.call.highlights import Highlight, HighlightKind
from archive.reading.waveform import Blank, BlankBecause, CallWaveform, Channel

_US_PER_MS = 1_000


class WaveformChannelView(BaseModel):
    """Who speaks on a channel, the first from the left is 1, and what became of its packets.

    On one that is `mixed` several speak at once; of what the node played, `label` says to whom.
    """

    channel: int
    side: str
    side_guessed: bool
    participants: list[str]
    label: str
    mixed: bool
    packets: int
    lost: int
    max_jitter_ms: float

    @classmethod
    def show(cls, number: int, channel: Channel) -> Self:
        """The channel of that number."""
        return cls(
            channel=number,
            side=channel.side,
            side_guessed=channel.is_guessed,
            participants=list(channel.participants),
            label=channel.label,
            mixed=channel.is_mixed,
            packets=channel.packets,
            lost=channel.lost,
            max_jitter_ms=channel.max_jitter_us / _US_PER_MS,
        )


class BlankView(BaseModel):
    """Nothing is heard on these channels, and why; ms from the begin of the audio.

    `codec` is the one that is not decoded here, empty where that is not why.
    """

    from_ms: int
    until_ms: int
    because: BlankBecause
    channels: list[int]
    participant: str
    codec: str

    @classmethod
    def show(cls, blank: Blank) -> Self:
        """A blank and the channels that it is on."""
        return cls(
            from_ms=blank.from_us // _US_PER_MS,
            until_ms=blank.until_us // _US_PER_MS,
            because=blank.because,
            channels=[number + 1 for number in blank.channels],
            participant=blank.participant,
            codec=blank.codec,
        )


class HighlightView(BaseModel):
    """What one jumps to; ms from the begin of the audio. A moment ends when it begins.

    `who` is a participant, of a notice who was told, of a pause who wanted it; `detail` is the
    outcome of a notice, the reason of a pause, the cause of a gap; of that `packets` are missing, 0
    where nobody counted them, and `missing_ms` of what was said.
    """

    from_ms: int
    until_ms: int
    kind: HighlightKind
    who: str
    detail: str
    packets: int
    missing_ms: int

    @classmethod
    def show(cls, highlight: Highlight, start_us: int) -> Self:
        """A highlight; what was before the audio begins at its begin."""
        return cls(
            from_ms=max(0, highlight.from_us - start_us) // _US_PER_MS,
            until_ms=max(0, highlight.until_us - start_us) // _US_PER_MS,
            kind=highlight.kind,
            who=highlight.who,
            detail=highlight.detail,
            packets=highlight.packets,
            missing_ms=highlight.absent_us // _US_PER_MS,
        )


class WaveformView(BaseModel):
    """A call drawn: `peaks` are as audiowaveform writes them (.dat, version 2), in base64.

    `start_at` is the begin of the audio, in UTC.
    """

    start_at: datetime
    length_ms: int
    channels: list[WaveformChannelView]
    blanks: list[BlankView]
    highlights: list[HighlightView]
    peaks: str

    @classmethod
    def show(cls, drawn: CallWaveform) -> Self:
        """Channels from the left on."""
        return cls(
            start_at=shown(drawn.start_us, UTC),
            length_ms=drawn.length_us // _US_PER_MS,
            channels=[
                WaveformChannelView.show(n, each) for n, each in enumerate(drawn.channels, start=1)
            ],
            blanks=[BlankView.show(each) for each in drawn.blanks],
            highlights=[HighlightView.show(each, drawn.start_us) for each in drawn.highlights],
            peaks=b64encode(drawn.peaks).decode(),
        )
