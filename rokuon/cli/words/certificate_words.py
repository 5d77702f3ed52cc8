"""What is said of a checked certificate in tables: codes as words.

Pure but for the language. Knows the codes of `retention/certificates/inspection.py`.
"""

from rokuon.messages.i18n import tr


def certificate_words() -> dict[str, dict[str, str]]:
    """The words of codes, by the key under which they stand."""
    return {
        "checked": {
            "certificate": tr("certificate"),
            "signature": tr("signature"),
            "key": tr("whose key"),
            "proof": tr("proof of a recording"),
            "list": tr("list of recordings"),
            "time_stamp": tr("time stamp"),
        },
        "verdict": {
            "right": tr("right"),
            "wrong": tr("WRONG"),
            "not_checked": tr("not checked"),
        },
        "need": {
            "fingerprint": tr("--key with the fingerprint, from another way"),
            "authorities": tr("--time-stamp-ca with who vouches for the server"),
            "proof": tr("the file of a proof, or the list"),
            "time_stamp": tr("the file of a time stamp"),
        },
    }
