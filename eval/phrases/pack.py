"""`python -m eval.phrases.pack FILE`: templates packed as `unseen.bin`, or that opened."""

import argparse
from pathlib import Path

from eval.phrases.wording import HELD_BACK, pack, read_wording, unpack


def main() -> None:
    """Either way; what cannot be read is not packed."""
    parser = argparse.ArgumentParser(prog="python -m eval.phrases.pack")
    parser.add_argument("file", type=Path, help="TOML, outside the checkout")
    parser.add_argument("--open", action="store_true", help="write into it what is held back")
    asked = parser.parse_args()
    if asked.open:
        asked.file.write_text(unpack(HELD_BACK.read_bytes()), "utf-8")
        return
    read_wording(asked.file)
    HELD_BACK.write_bytes(pack(asked.file.read_text("utf-8")))


if __name__ == "__main__":
    main()
