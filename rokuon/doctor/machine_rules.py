"""What a configuration needs beside itself: files that it names, ports for its calls.

Reads the files. Knows nothing of where settings stand; `rokuon config check` alone asks, for a
prompt that is missing must not keep a node from starting.
"""

import ssl
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from rokuon.config.config_problems import ConfigProblem
from rokuon.config.positions import KeyPath
from rokuon.config.schema import Config, HttpSettings, SipSettings, SourceSettings, TargetSettings
from rokuon.doctor import sizing_table
from rokuon.machine import clock
from rokuon.messages.check_result import Severity
from rokuon.messages.i18n import tr
from rokuon.messages.system_errors import in_words

CODE: Final = "CFG-107"


def machine_problems(config: Config) -> list[ConfigProblem]:
    """Everything that is not there, or cannot be used as it is configured."""
    return [
        *_tls_problems("sip", config.sip, clock.now()),
        *_tls_problems("http", config.http, clock.now()),
        *_password_problems(config),
        *_prompt_problems(config),
        *_port_problems(config),
    ]


def _problem(path: KeyPath, message: str, advice: str) -> ConfigProblem:
    return ConfigProblem(code=CODE, path=path, message=message, help=advice)


def _unread(path: KeyPath, error: OSError) -> ConfigProblem:
    return _problem(path, in_words(error), tr("relative paths start from the folder of this file"))


def _tls_problems(
    table: str, given: SipSettings | HttpSettings, now: datetime
) -> Iterator[ConfigProblem]:
    for key in ("certificate", "client_authorities"):
        if file := getattr(given, key, None):
            yield from _certificate_problems(file, (table, key), now)
    if given.key is not None:
        yield from _key_problems(given.key, given.certificate, (table, "key"))


def _certificate_problems(file: Path, path: KeyPath, now: datetime) -> Iterator[ConfigProblem]:
    # What reads certificates and sound is heavy: it comes with the first file of its kind.
    from cryptography import x509

    try:
        chain = x509.load_pem_x509_certificates(file.read_bytes())
    except OSError as error:
        yield _unread(path, error)
        return
    except ValueError:
        advice = tr('PEM is text that begins with "{begin}"')
        begin = "-----BEGIN CERTIFICATE-----"
        message = tr("{file}: there is no certificate in PEM in it").format(file=file)
        yield _problem(path, message, advice.format(begin=begin))
        return
    if chain[0].not_valid_after_utc < now:
        message = tr("{file}: the certificate has run out on {day}")
        day = chain[0].not_valid_after_utc.date()
        yield _problem(path, message.format(file=file, day=day), tr("have it renewed"))
    if chain[0].not_valid_before_utc > now:
        message = tr("{file}: the certificate is valid from {day} on")
        day = chain[0].not_valid_before_utc.date()
        advice = tr("is the clock of this machine right?")
        yield _problem(path, message.format(file=file, day=day), advice)


def _key_problems(file: Path, certificate: Path | None, path: KeyPath) -> Iterator[ConfigProblem]:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        load_pem_private_key(file.read_bytes(), password=None)
    except OSError as error:
        yield _unread(path, error)
    except (ValueError, TypeError):
        yield _problem(
            path,
            tr("{file}: there is no private key in PEM in it, or it has a password").format(
                file=file
            ),
            tr("openssl pkey -in FILE -out KEY writes it without a password"),
        )
    else:
        if certificate is not None and not _belong_together(certificate, file):
            message = tr("{file}: it is not the key of {certificate}")
            yield _problem(
                path,
                message.format(file=file, certificate=certificate),
                tr("give the key with which the certificate was requested"),
            )


def _belong_together(certificate: Path, key: Path) -> bool:
    """Whether TLS takes both; a certificate that cannot be read is a problem of its own."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except ssl.SSLError as refused:
        return refused.reason != "KEY_VALUES_MISMATCH"
    except OSError:
        return True
    return True


def _password_problems(config: Config) -> Iterator[ConfigProblem]:
    peers: tuple[tuple[str, Sequence[SourceSettings | TargetSettings]], ...] = (
        ("source", config.source),
        ("target", config.target),
    )
    for table, listed in peers:
        for index, peer in enumerate(listed):
            if peer.password_file is not None:
                yield from _readable(peer.password_file, (table, index, "password_file"))


def _readable(file: Path, path: KeyPath) -> Iterator[ConfigProblem]:
    try:
        file.read_bytes()
    except OSError as error:
        yield _unread(path, error)


def _prompt_problems(config: Config) -> Iterator[ConfigProblem]:
    for index, prompt in enumerate(config.prompt):
        yield from _sound_problems(prompt.file, ("prompt", index, "file"))


def _sound_problems(file: Path, path: KeyPath) -> Iterator[ConfigProblem]:
    from capture.prompts.sound import SoundUnreadable, read_file
    from rokuon.prompts.check import check_prompt, unreadable

    try:
        findings = check_prompt(read_file(file)).findings
    except OSError as error:
        yield _unread(path, error)
        return
    except SoundUnreadable as broken:
        findings = (unreadable(str(broken)),)
    for finding in findings:
        if finding.severity is Severity.ERROR:
            message = f"{file}: {finding.code}: {finding.message}"
            yield _problem(path, message, finding.advice)


def _port_problems(config: Config) -> Iterator[ConfigProblem]:
    room, wanted = sizing_table.calls_in(config.rtp), config.limits.max_calls
    if room < wanted:
        last = config.rtp.first_port + 2 * sizing_table.pairs_for(wanted) - 2
        yield _problem(
            ("limits", "max_calls"),
            tr("the ports from rtp.first_port to rtp.last_port hold {room} calls").format(
                room=room
            ),
            tr("set rtp.last_port to {port} or lower limits.max_calls to {calls}").format(
                port=last, calls=room
            ),
        )
