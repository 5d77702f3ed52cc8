"""Versions of before: a machine set up before there was `deploy/install`, and a later checkout.

The seven steps of that time stood in its `deploy/README.md`. Takes both out of this repository's
history.
"""

import hashlib
import re
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path
from typing import Final

from tests.scenarios.booted import ADDRESS, ROOT, Machine, download

# The last one before "as deployed" was begun; its catalog is of version 0036.
COMMIT: Final = "8f36b1a6a26e4512b7255d8e99b16ad910063293"
CHECKOUT: Final = "/root/before"
# One that has `deploy/install`, and the catalog of today.
LATER_COMMIT: Final = "83fb4672"
LATER_CHECKOUT: Final = "/root/later"
_LOCK: Final = "requirements/constraints.txt"
_WHEELS: Final = "/root/wheels-of-before"
# A lock's line that is for another Python, with its hashes.
_OTHERS: Final = re.compile(r'^\S+ ; python_version < "3\.13" \\\n(?: .*\n)*', re.MULTILINE)
# Of the settings that shipped: who calls is this machine itself, and the spool is a small one.
_SETTINGS: Final = {
    "192.0.2.10/32": "127.0.0.1/32",
    "192.0.2.20": ADDRESS,
    "max_calls = 4500": "max_calls = 20",
    "last_port = 29998": "last_port = 10098",
}
# The numbers are those of the steps. No spool of its own is mounted (3), as `deploy/install` does.
_STEPS: Final = f"""\
set -eu
cd {CHECKOUT}
# 1
python3 -m venv /opt/rokuon
/opt/rokuon/bin/pip install --quiet --require-hashes -r {_LOCK}
/opt/rokuon/bin/pip install --quiet --no-deps --no-build-isolation .
# 2
cp deploy/systemd/*.service deploy/systemd/rokuon.target /etc/systemd/system/
cp deploy/systemd/rokuon.sysusers /usr/lib/sysusers.d/rokuon.conf
cp deploy/systemd/rokuon.tmpfiles /usr/lib/tmpfiles.d/rokuon.conf
systemd-sysusers
systemd-tmpfiles --create
# 4
openssl rand -hex 24 > /var/lib/rokuon/keys/passphrase
chown rokuon-keys: /var/lib/rokuon/keys/passphrase
chmod 0600 /var/lib/rokuon/keys/passphrase
# 5
systemctl daemon-reload
systemctl start rokuon-keys
cd /var/lib/rokuon
cp keys/intake-keys.json keys/signing.pub capture/
# Who opened the catalog while the keeper made it kept the keeper from writing it, until a restart.
systemctl start rokuon-keeper
systemctl start rokuon.target
node=$(sed -n 's/.*"node":"\\([0-9a-f]*\\)".*/\\1/p' capture/node.json)
install -m 0644 "capture/$node.pub" keys/nodes/
# Who he is, root says once.
rokuon="/opt/rokuon/bin/rokuon --config /etc/rokuon/rokuon.toml"
$rokuon user add root --purpose technical
$rokuon user role root administrator
$rokuon user os-name root root
"""


def why_not() -> str:
    """Why there is no such machine to be made here; "" where there is."""
    for commit in (COMMIT, LATER_COMMIT):
        known = ("git", "-C", str(ROOT), "cat-file", "-e", f"{commit}^{{commit}}")
        if subprocess.run(known, capture_output=True, check=False).returncode != 0:
            return f"this checkout has no history back to {commit[:8]}"
    return ""


def set_up(machine: Machine) -> None:
    """By hand, as the commit's own `deploy/README.md` says; all parts run when this returns."""
    checkout = put_checkout(machine, COMMIT, CHECKOUT)
    wheels = machine.root / _WHEELS[1:]
    wheels.mkdir()
    for each in _wheels(checkout, machine.python()).iterdir():
        (wheels / each.name).hardlink_to(each)
    settings = (checkout / "deploy/rokuon.toml").read_text()
    for there, here in _SETTINGS.items():
        settings = settings.replace(there, here)
    (machine.root / "etc/rokuon").mkdir()
    (machine.root / "etc/rokuon/rokuon.toml").write_text(_with_inline_trial(settings))
    done = machine.run("env", f"PIP_FIND_LINKS={_WHEELS}", "sh", "-c", _STEPS)
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]


def put_checkout(machine: Machine, commit: str, path: str) -> Path:
    """The files of a commit, at a path of the machine; where that is from here."""
    checkout = machine.root / path[1:]
    archived = subprocess.run(
        ["git", "-C", str(ROOT), "archive", commit], capture_output=True, check=True
    ).stdout
    with tarfile.open(fileobj=BytesIO(archived)) as packed:
        packed.extractall(checkout, filter="data")
    return checkout


def _with_inline_trial(settings: str) -> str:
    """With the three blocks of `rokuon selftest --inline`, of which the sign # is taken (7)."""
    before, said, rest = settings.partition("# For `rokuon selftest --inline`")
    blocks, neighbours, after = rest.partition("# The neighbours.")
    return before + said + re.sub(r"^#(?=\S)", "", blocks, flags=re.M) + neighbours + after


def _wheels(checkout: Path, python: str) -> Path:
    """The packages of that time's lock for a Python; downloaded once."""
    lock = (checkout / _LOCK).read_text()
    wanted = hashlib.sha256((lock + python).encode()).hexdigest()[:12]
    folder = ROOT / "build" / f"wheels-{wanted}"
    if not (folder / "made").exists():
        folder.mkdir(exist_ok=True)
        ours = folder / "lock.txt"
        ours.write_text(_OTHERS.sub("", lock))
        download(ours, folder, python)
        (folder / "made").touch()
    return folder
