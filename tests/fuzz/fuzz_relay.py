"""Fuzz target for both loops of a relay: the same packets, and what each sends, keeps and knows.

Run `python -m tests.fuzz.fuzz_relay -max_total_time=600 -rss_limit_mb=512 <corpus>`. Hypothesis
makes a call and its packets of the bytes; nothing may come out.
"""

import sys
from pathlib import Path
from tempfile import mkdtemp

import atheris
from hypothesis import given, settings, strategies as st

with atheris.instrument_imports(include=["capture"]):
    from tests.capture.media.relay_twins import twins
    from tests.support.media.relay_differential import (
        SETTINGS_IN_CLEAR,
        SETTINGS_OF_SRTP,
        STEP,
        STEPS,
        Setting,
        Step,
        play,
    )


def main() -> None:
    """Fuzz until told to stop by libFuzzer's options."""
    with twins(Path(mkdtemp(prefix="twins"))) as both:

        @settings(database=None, deadline=None)
        @given(
            setting=SETTINGS_IN_CLEAR | SETTINGS_OF_SRTP,
            steps=st.lists(STEP, min_size=1, max_size=STEPS),
        )
        def compare(setting: Setting, steps: list[Step]) -> None:
            play(both, setting, steps)

        atheris.Setup(sys.argv, compare.hypothesis.fuzz_one_input)  # type: ignore[attr-defined]
        atheris.Fuzz()


if __name__ == "__main__":
    main()
