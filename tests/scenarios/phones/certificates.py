"""Certificates for phones: each signs itself and names its address.

Knows nothing of what they are used for.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Certificate:
    """Its files: alone, its key, and both in one."""

    certificate: Path
    key: Path
    both: Path


def certificate(folder: Path, address: str) -> Certificate:
    """One for whoever listens at this address."""
    made = Certificate(*(folder / f"{address}.{kind}" for kind in ("crt", "key", "pem")))
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", f"/CN={address}"]
    command += ["-addext", f"subjectAltName=IP:{address}"]
    command += ["-keyout", str(made.key), "-out", str(made.certificate)]
    subprocess.run(command, check=True, capture_output=True)
    made.both.write_bytes(made.certificate.read_bytes() + made.key.read_bytes())
    return made
