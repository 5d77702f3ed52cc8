"""The compiled loop before whatever a network may bring, watched by the sanitizers."""

import re
import subprocess
from pathlib import Path

from tests.capture.native.compiled import compiled_fuzzer, needs_compiler

SECONDS = "4"
SEED = "1"


@needs_compiler
def test_what_comes_is_carried_or_handed_back_whole_and_no_byte_is_out_of_bounds(
    tmp_path: Path,
) -> None:
    """A share of `make sanitize`: every array that the loop is given lies by itself."""
    program = compiled_fuzzer(tmp_path / "fuzz")
    done = subprocess.run(
        [str(program), SECONDS, SEED], capture_output=True, text=True, check=False
    )
    counts = [int(each) for each in re.findall(r"\d+", done.stdout)]

    assert done.returncode == 0, done.stderr
    assert min(counts) > 100, done.stdout
