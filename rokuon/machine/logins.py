"""What the operating system calls its users.

Knows nothing of who they are to Rokuon.
"""

import pwd


def name_of(uid: int) -> str:
    """What the system calls a user; in a container often nothing."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid-{uid}"
