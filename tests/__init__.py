"""Tests lie as what they test does; where the checkout is, wherever a test lies."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
