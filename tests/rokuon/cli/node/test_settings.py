"""`rokuon config`."""

import json
from pathlib import Path

from tests.rokuon.cli.command import run


def test_check_finds_every_problem_with_its_place(tmp_path: Path) -> None:
    """Exit 3, for people and for programs."""
    file = tmp_path / "a.toml"
    file.write_text("[sip]\nport = 0\nprot = 1\n")

    for_people = run("--config", str(file), "config", "check")
    for_programs = run("--config", str(file), "config", "check", "-o", "json")

    assert (for_people.exit_code, for_programs.exit_code) == (3, 3)
    assert f"{file}:2:8: error CFG-104 sip.port" in for_people.output
    rows = json.loads(for_programs.output)
    assert {(row["line"], row["column"], row["key"]) for row in rows} == {
        (2, 8, "sip.port"),
        (3, 1, "sip.prot"),
    }


def test_check_is_content_with_a_good_file(tmp_path: Path) -> None:
    """Exit 0 and a line that says so."""
    file = tmp_path / "a.toml"
    file.write_text("[sip]\nport = 5080\n")

    result = run("--config", str(file), "config", "check")

    assert (result.exit_code, "nothing to object to" in result.output) == (0, True)


def test_show_has_every_setting_in_force(tmp_path: Path) -> None:
    """Defaults included, paths as they are used."""
    file = tmp_path / "a.toml"
    file.write_text("[sip]\nport = 5080\n")

    settings = json.loads(run("--config", str(file), "config", "show", "-o", "json").output)
    table = run("--config", str(file), "config", "show").output

    assert settings["sip"]["port"] == 5080
    assert settings["spool"]["path"] == str(tmp_path / "var/spool")
    assert settings["source"][0]["name"] == "loopback"
    assert "source[0].zone" in table


def test_show_hides_the_password_of_the_catalog(tmp_path: Path) -> None:
    """Who asks for help shows his settings."""
    file = tmp_path / "a.toml"
    file.write_text('[catalog]\nurl = "postgresql://rokuon:s3cret@db.example/rokuon"\n')

    shown = [
        run("--config", str(file), "config", "show", "-o", o).output for o in ("json", "table")
    ]

    assert ["s3cret" in each for each in shown] == [False, False]
    assert ["rokuon:***@db.example" in each for each in shown] == [True, True]


def test_check_remarks_on_what_is_in_vain_and_refuses_nothing(tmp_path: Path) -> None:
    """Exit 0: the configuration can be used; a warning has its place as an error does."""
    file = tmp_path / "a.toml"
    file.write_text('[[source]]\nname = "a"\naddress = ["192.0.2.1/32"]\ntrusted = false\n')

    for_people = run("--config", str(file), "config", "check")
    for_programs = run("--config", str(file), "config", "check", "-o", "json")
    (row,) = json.loads(for_programs.output)

    assert (for_people.exit_code, for_programs.exit_code) == (0, 0)
    assert f"{file}:4:11: warning CFG-201 source[0].trusted" in for_people.output
    assert (row["level"], row["key"]) == ("warning", "source[0].trusted")
