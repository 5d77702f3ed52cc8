"""No sentence of the command line is English where Japanese is spoken."""

import json
import os
import re
import subprocess
import sys

from rokuon.cli.terminal.typer_texts import in_our_language
from rokuon.messages import i18n

# In a process of its own: help texts are translated where commands are declared.
WALK = """
from functools import cache
import typer.main, typer.testing
from typer.testing import CliRunner
from rokuon.messages import i18n
i18n.speak("ja")
from rokuon.cli.app import app

typer.testing._get_command = cache(typer.main.get_command)

def walk(command, words):
    yield words
    for word, inner in getattr(command, "commands", {}).items():
        yield from walk(inner, [*words, word])

for words in walk(typer.main.get_command(app), []):
    print(CliRunner().invoke(app, [*words, "--help"]).output)
"""
# Each is answered as one that is typed, by the same process.
MISTAKES = """
import contextlib, io, json, sys
from rokuon.messages import i18n
i18n.speak("ja")
from rokuon.cli.app import app

answers = []
for words in json.loads(sys.argv[1]):
    told = io.StringIO()
    with contextlib.redirect_stderr(told):
        try:
            app(words, prog_name="rokuon")
        except SystemExit as ended:
            answers.append([ended.code, told.getvalue()])
print(json.dumps(answers))
"""
# Two words of English beside each other; what one types (commands, metavars) is none.
ENGLISH = re.compile(r"[A-Za-z]{2,},? [a-z]{2,}")
TYPED = re.compile(r"rokuon( [a-z]+)*|calls (find|resume|live)|<[a-z ]+>|prompt check")


def japanese(script: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """What a process says in Japanese."""
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=os.environ | {"LANG": "ja_JP.UTF-8", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def english_in(text: str) -> list[str]:
    """The lines with English that nobody types."""
    return [line for line in text.splitlines() if ENGLISH.search(TYPED.sub("", line))]


def test_the_help_of_every_command_is_japanese() -> None:
    """Usage, sections, arguments, options, and what is Typer's own."""
    walked = japanese(WALK)

    assert walked.stdout.count("使い方:") > 35
    assert english_in(walked.stdout) == []


# What is typed, and what must be among the answer.
SAID = {
    "calls find": "オプション '--from' がありません",
    "calls show": "引数 'call' がありません",
    "calls shw": "というコマンドはありません",
    "--nope": "--nope というオプションはありません",
    "calls find --form x": "(候補: --after, --before, --from)",
    "calls find --from": "'--from' には値が必要です",
    "drain --off=x": "値は指定できません",
    "calls find --limit x": "整数を指定してください",
    "calls find --limit 0": "1 以上",
    "calls find --limit 1001": "1000 以下",
    "calls find --min-duration x": "数を指定してください",
    "calls find --direction up": "いずれでもありません",
    "calls find --from x --to y": "日時として読めません",
    "calls find --limit 1 --limit 2": "一度しか指定できません",
    "calls show a b": "引数が多すぎます",
    "calls": "使い方:",
}


def test_a_mistake_is_said_in_japanese() -> None:
    """Exit 2, with the way to the help."""
    done = japanese(MISTAKES, json.dumps([mistake.split() for mistake in SAID]))
    answers = dict(zip(SAID, json.loads(done.stdout), strict=True))

    for mistake, (code, told) in answers.items():
        assert (code, SAID[mistake] in told) == (2, True), told
        assert english_in(told) == []


def test_english_is_left_as_typer_says_it() -> None:
    """Whoever knows other commands knows this one."""
    assert i18n.language() == "en"
    assert in_our_language("Usage: rokuon [OPTIONS]") == "Usage: rokuon [OPTIONS]"
    assert in_our_language("Value error, 'x' is not one of 'a'.") == "'x' is not one of 'a'."
    assert in_our_language("Input should be less than or equal to 1000") == "at most 1000"
