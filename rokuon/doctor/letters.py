"""The check of what letters are set in: that their fonts are on this machine.

Pure functions of `HostFacts`. Knows nothing of how facts are gathered.
"""

from typing import Final

from api.letters.typesetter import FONTS
from rokuon.doctor.facts import HostFacts
from rokuon.messages.check_result import Check, CheckResult
from rokuon.messages.i18n import tr

_CODE: Final = "letter_font_missing"


def fonts(facts: HostFacts) -> CheckResult:
    """Whether letters can be set, names with rare kanji too."""
    check = Check("LETT-001", tr("fonts of letters"))
    threshold = ", ".join(FONTS)
    missing = facts.letter_fonts_missing
    if missing is None:
        return check.passed(
            tr("the extra letters is not installed: no certificate is set as PDF"), threshold
        )
    if missing:
        fix = f"apt-get install {' '.join(FONTS[each] for each in missing)}"
        return check.warning(f"{_CODE}: {', '.join(missing)}", threshold, fix)
    return check.passed(threshold, threshold)
