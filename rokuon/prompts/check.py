"""Whether an audio file can be played to people as a prompt, and how well.

Pure: bytes in, findings out. Knows nothing of folders, routes or codecs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from capture.prompts.levels import Levels, levels_of
from capture.prompts.sound import (
    MAX_SECONDS,
    RATES_HZ,
    Sound,
    SoundShape,
    SoundUnreadable,
    shape_of,
    sound_in,
)
from rokuon.messages.check_result import Severity
from rokuon.messages.i18n import tr

# Nothing that must be understood is said in less.
MIN_SECONDS: Final = 1.0
# So many samples at full scale are no accident; then it was cut off.
MAX_CLIPPED_SHARE: Final = 0.001
# Speech on the telephone is about -26 dBov; outside of these it is asked about or jumped at.
LOWEST_DBOV: Final = -36.0
HIGHEST_DBOV: Final = -9.0
# Who hears nothing for longer believes that the line is dead.
MAX_LEADING_SILENCE_S: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptFinding:
    """What is wrong with a file: an error is not played, a warning is, but not as it should be."""

    code: str
    severity: Severity
    message: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPrompt:
    """The findings, and the sound with its levels where there is one that can be looked at."""

    findings: tuple[PromptFinding, ...]
    heard: tuple[Sound, Levels] | None

    @property
    def can_be_played(self) -> bool:
        """Whether nothing of it is an error."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)


def check_prompt(content: bytes) -> CheckedPrompt:
    """Look at a file; what cannot be read is a finding as well."""
    try:
        shape = shape_of(content)
        findings = tuple(_of_shape(shape))
        if findings:
            return CheckedPrompt(findings=findings, heard=None)
        sound = sound_in(content)
    except SoundUnreadable as broken:
        return CheckedPrompt(findings=(unreadable(str(broken)),), heard=None)
    levels = levels_of(sound.samples, sound.rate_hz)
    return CheckedPrompt(findings=tuple(_of_levels(levels)), heard=(sound, levels))


def unreadable(why: str) -> PromptFinding:
    """The finding for what is no audio file of ours, or none at all."""
    return _error(
        "PRM-001",
        tr("not an audio file that can be read: {why}").format(why=why),
        tr("save it as WAV: PCM, 16 bits, one channel, 16,000 samples a second"),
    )


def _of_shape(shape: SoundShape) -> Iterator[PromptFinding]:
    if not shape.is_lossless:
        yield unreadable(shape.encoding)
    if shape.channels != 1:
        yield _error(
            "PRM-002",
            tr("{count} channels").format(count=shape.channels),
            tr("mix it down to one channel: a telephone has no second one"),
        )
    if shape.rate_hz not in RATES_HZ:
        yield _error(
            "PRM-003",
            tr("{rate} samples a second").format(rate=shape.rate_hz),
            tr("use one of {rates}").format(rates=", ".join(map(str, RATES_HZ))),
        )
    yield from _of_length(shape.seconds)


def _of_length(seconds: float) -> Iterator[PromptFinding]:
    lasts = tr("{seconds} s long").format(seconds=f"{seconds:.2f}")
    if seconds < MIN_SECONDS:
        advice = tr("at least {seconds} s; is it the right file?")
        yield _error("PRM-004", lasts, advice.format(seconds=f"{MIN_SECONDS:.0f}"))
    if seconds > MAX_SECONDS:
        advice = tr("at most {seconds} s: the other side waits until it is over")
        yield _error("PRM-005", lasts, advice.format(seconds=f"{MAX_SECONDS:.0f}"))


def _of_levels(levels: Levels) -> Iterator[PromptFinding]:
    if levels.is_silent:
        yield _error("PRM-006", tr("nothing is heard"), tr("record it again; is it muted?"))
        return
    if levels.clipped_share > MAX_CLIPPED_SHARE:
        yield _warning(
            "PRM-007",
            tr("{share} of the samples are at full scale: it is distorted").format(
                share=f"{levels.clipped_share:.1%}"
            ),
            tr("record it again at a lower level; to lower the file does not mend it"),
        )
    yield from _of_loudness(levels.active_dbov)
    if levels.leading_silence_s > MAX_LEADING_SILENCE_S:
        yield _warning(
            "PRM-010",
            tr("{seconds} s of silence before the first word").format(
                seconds=f"{levels.leading_silence_s:.1f}"
            ),
            tr("cut it: who hears nothing hangs up"),
        )


def _of_loudness(dbov: float) -> Iterator[PromptFinding]:
    measured = tr("speech level {level} dBov").format(level=f"{dbov:.1f}")
    advice = tr("raise or lower it to about -20 dBov")
    if dbov < LOWEST_DBOV:
        yield _warning("PRM-008", tr("too quiet: {measured}").format(measured=measured), advice)
    if dbov > HIGHEST_DBOV:
        yield _warning("PRM-009", tr("too loud: {measured}").format(measured=measured), advice)


def _error(code: str, message: str, advice: str) -> PromptFinding:
    return PromptFinding(code=code, severity=Severity.ERROR, message=message, advice=advice)


def _warning(code: str, message: str, advice: str) -> PromptFinding:
    return PromptFinding(code=code, severity=Severity.WARNING, message=message, advice=advice)
