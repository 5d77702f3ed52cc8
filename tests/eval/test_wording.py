import json
from pathlib import Path

import numpy as np
import pytest

from eval.__main__ import main
from eval.memory.clue import clue
from eval.requests.drawn import Request
from eval.wording import NoTemplate, pack, read_wording

SMALL = """
[[template]]
kind = "date.third_of_month"
language = "ja"
text = "{month}月{third}"

[[template]]
kind = "date.third_of_month"
language = "en"
text = "{third} {month}"

[[template]]
kind = "agent.heard"
language = "ja"
text = "{name}さん"

[[template]]
kind = "agent.heard"
language = "en"
text = "somebody called {name}"

[[frame]]
language = "ja"
text = "{date}、担当は{agent}でした"

[words.ja.third]
late = ["下旬"]

[words.en.third]
late = ["late in"]

[words.en.month]
10 = ["October"]
"""
LATE = ("date", clue("date.third_of_month", month=10, third="late"))
DICE = np.random.default_rng(1)


@pytest.mark.parametrize("packed", [False, True])
def test_clues_are_put_into_words_by_templates_and_a_frame(tmp_path: Path, packed: bool) -> None:
    """Also from a file that nobody reads by accident."""
    path = tmp_path / ("held.bin" if packed else "open.toml")
    path.write_bytes(pack(SMALL) if packed else SMALL.encode())
    wording = read_wording(path)
    ja = Request("ja", (LATE, ("agent", clue("agent.heard", name="田中"))), 0)
    en = Request("en", (LATE, ("agent", clue("agent.heard", name="Tanaka"))), 0)

    assert wording.sentence(ja, DICE) == "10月下旬、担当は田中さんでした"
    assert wording.sentence(en, DICE) == "late in October, somebody called Tanaka"


def test_what_has_no_template_is_named(tmp_path: Path) -> None:
    """A hole in the templates must not become an easier request."""
    path = tmp_path / "open.toml"
    path.write_text(SMALL)
    request = Request("ja", (("queue", clue("queue", queue="sales")),), 0)

    with pytest.raises(NoTemplate, match="ja: queue with queue"):
        read_wording(path).sentence(request, DICE)


def test_requests_are_lines_of_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of every set."""
    monkeypatch.setattr("sys.argv", ["eval", "requests", "--calls", "1000", "--count", "4"])
    main()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert len(lines) == 4 * 7
    assert all(each["clues"][0]["kind"].startswith("date.") for each in lines)
