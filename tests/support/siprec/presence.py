"""What tests of presence share."""

TIMES = "<associate-time>2026-11-25T09:00:00Z</associate-time>"


def party(name: str, stay: str = "", sends: str = "", call: str = "c") -> str:
    """A participant with his stay and what he sends on."""
    send = f"<send>{sends}</send>" if sends else ""
    return (
        f'<participant participant_id="{name}"><nameID aor="sip:{name}@pbx"/></participant>'
        + (f'<participantsessionassoc participant_id="{name}" session_id="{call}">{stay}'
           "</participantsessionassoc>" if stay else "")
        + f'<participantstreamassoc participant_id="{name}">{send}</participantstreamassoc>'
    )  # fmt: skip
