"""Certificates in sentences."""

from dataclasses import replace

from api.words.certificate_words import certificate_lines
from api.words.texts import in_english
from archive.certificates.statement import Backups
from retention.certificates.certificate import (
    Below,
    Certificate,
    RuleCount,
    Unnamed,
    Word,
    read_certificate,
)
from retention.certificates.certificate_scopes import Scopes
from rokuon.messages.i18n import words_in
from tests.archive.certificates.examples import DONE_US, PUBLIC
from tests.retention.destroyed_recordings import certified, destroyed

CERTIFICATE = read_certificate(certified(destroyed(7)))


def with_below(**changed: object) -> Certificate:
    below: Below = replace(CERTIFICATE.below, **changed)  # type: ignore[arg-type]
    return replace(CERTIFICATE, below=below)


def test_what_was_destroyed_by_which_rule_and_by_whose_word_is_told() -> None:
    """For who gets one and has never seen one."""
    lines = certificate_lines(CERTIFICATE, in_english, "en")

    assert lines[1] == (
        "7 recording(s) were destroyed between 2026-11-28 01:02:03 UTC and 2026-11-28 01:02:03 UTC."
    )
    assert "By queue-90-days of revision 3: 5." in lines
    assert "Two persons wanted it." in lines
    assert "Revision 0 is the policy as shipped." in lines
    assert "It is not stated from when on no backup opens them." in lines
    assert lines[-1].endswith(f"by the key {PUBLIC.fingerprint}.")


def test_one_persons_word_a_case_and_rules_without_room_are_told() -> None:
    """Nothing that a certificate says is left out."""
    changed = with_below(
        approval=Word.ONE_PERSON,
        rules=(RuleCount(rule="case", revision=3, recordings=2),),
        unnamed=Unnamed(rules=4, recordings=5),
    )
    lines = certificate_lines(changed, in_english, "en")

    assert "One person wanted it: in this installation one is enough." in lines
    assert "Because of a case: 2." in lines
    assert "By 4 further rules: 5." in lines


def test_from_when_on_no_backup_opens_them_is_told_with_its_ground() -> None:
    """The kind of assurance is not the same everywhere."""
    for kind in ("known_copies", "one_place"):
        said = replace(CERTIFICATE.signed.statement, backups=Backups(kind, DONE_US))
        told = replace(CERTIFICATE, signed=replace(CERTIFICATE.signed, statement=said))
        text = "\n".join(certificate_lines(told, in_english, "en"))
        assert "from 2026-11-28 01:02 UTC on" in text


def test_pages_of_the_ledger_are_not_told_as_recordings() -> None:
    """Of the sum above, so many were none."""
    lines = certificate_lines(with_below(scopes=Scopes(pages=3)), in_english, "en")

    assert "3 of these are pages of the ledger: calls that have no recording." in lines


def test_it_is_told_in_japanese() -> None:
    """Who asks for it reads Japanese."""
    lines = certificate_lines(CERTIFICATE, words_in, "ja")

    assert "廃棄証明書" in lines[0]
    assert not any(word in "\n".join(lines) for word in ("Revision", "recording(s)", "Signed"))
