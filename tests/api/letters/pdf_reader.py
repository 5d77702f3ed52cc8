"""A reader of PDFs that nobody here wrote."""

import subprocess
from pathlib import Path


def read(tool: str, pdf: bytes, tmp_path: Path, *more: str) -> str:
    """What a reader that nobody here wrote says of a PDF."""
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf)
    done = subprocess.run([tool, str(path), *more], check=True, capture_output=True, text=True)
    return done.stdout
