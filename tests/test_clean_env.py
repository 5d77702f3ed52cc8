"""What passes only with the variables of who wrote it is a defect: `make test` drops them."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CLEAN = ROOT / "deploy/clean-env"
OF_A_SHELL = {"HOME": "/home/n", "PATH": "/usr/bin:/bin", "LANG": "ja_JP.UTF-8", "TERM": "xterm"}
TO_THE_REGISTRIES = {
    "PIP_INDEX_URL": "https://pypi.example/simple",
    "PIP_CERT": "/etc/ca.pem",
    "npm_config_registry": "https://npm.example",
    "NPM_CONFIG_CAFILE": "/etc/ca.pem",
    "https_proxy": "http://proxy.example:3128",
    "SSL_CERT_FILE": "/etc/ca.pem",
    "REQUESTS_CA_BUNDLE": "/etc/ca.pem",
    "APT_CONFIG": "/etc/apt.conf",
}
OF_THE_DEVELOPER = {
    "PYTHONUNBUFFERED": "1",
    "PYTHONPATH": "/elsewhere",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTEST_ADDOPTS": "-x",
    "ROKUON_LANG": "ja",
    "SEED": "1",
    "COLUMNS": "300",
    "TZ": "Asia/Tokyo",
    "EDITOR": "of many words\nand lines",
}


def passed_on(environment: dict[str, str]) -> dict[str, str]:
    """What a command finds that is run by it."""
    said = subprocess.run(
        [CLEAN, "env", "-0"], env=environment, capture_output=True, text=True, check=True
    ).stdout
    return dict(entry.split("=", 1) for entry in said.split("\0") if entry)


def test_a_newcomers_shell_and_the_way_to_the_registries_are_what_is_left() -> None:
    """A child's output came only where its author's shell had PYTHONUNBUFFERED."""
    given = OF_A_SHELL | TO_THE_REGISTRIES
    left = passed_on(given | OF_THE_DEVELOPER)

    assert left.pop("no_proxy")
    assert left == given


def test_what_is_on_this_machine_is_not_asked_of_a_proxy() -> None:
    """A test reads the health of its own server; a company's proxy answers 403."""
    proxy = {"PATH": OF_A_SHELL["PATH"], "http_proxy": "http://proxy.example:3128"}

    assert passed_on(proxy)["no_proxy"] == ",127.0.0.1,localhost"
    for name in ("no_proxy", "NO_PROXY"):
        assert passed_on(proxy | {name: "example.jp"}) == proxy | {
            "no_proxy": "example.jp,127.0.0.1,localhost"
        }


def test_what_is_missing_is_not_made_up() -> None:
    """A service manager's environment has no HOME and no TERM."""
    assert passed_on({"PATH": OF_A_SHELL["PATH"]}) == {"PATH": OF_A_SHELL["PATH"]}


def test_the_command_and_its_answer_are_passed_on_as_they_are() -> None:
    """Words with spaces stay one; a failure stays one."""
    done = subprocess.run(
        [CLEAN, "sh", "-c", 'echo "$1"; exit 3', "sh", "two  words"],
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (3, b"two  words\n")


@pytest.mark.parametrize("target", ["test", "scenarios", "crash"])
def test_every_run_of_the_tests_goes_through_it(target: str) -> None:
    """By hand and in CI."""
    told = subprocess.run(
        ["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    runs = [line.strip() for line in told.splitlines() if re.search(r"bin/(pytest|pip)\b", line)]

    assert any("pytest" in run for run in runs)
    assert [run for run in runs if not run.startswith("deploy/clean-env ")] == []


def test_ci_lets_no_more_in() -> None:
    """Each `make` of it."""
    makes = re.findall(r"^ *(.*\bmake .*)$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    runs = [line for line in makes if not line.startswith("#")]

    assert runs
    assert [line for line in runs if not line.startswith("deploy/clean-env make ")] == []
