"""A configuration file that is to have another text: shown as a difference, written as a whole.

Knows the file. Knows nothing of settings.
"""

import os
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path
from typing import Self

from archive.disk.files import LocalDisk, draft_of, settle
from rokuon.config.load import parse


@dataclass(frozen=True, slots=True)
class FileChange:
    file: Path
    before: str
    after: str

    @classmethod
    def of(cls, file: Path) -> Self:
        """Of a file, unchanged; raises `OSError`, `UnicodeDecodeError`."""
        text = file.read_bytes().decode("utf-8")
        return cls(file, text, text)

    def to(self, text: str) -> Self:
        """With another text, which can be used; raises `ConfigRefused`."""
        parse(text, name=str(self.file), base=self.file.absolute().parent)
        return replace(self, after=text)

    @property
    def copy(self) -> Path:
        return self.file.with_name(f"{self.file.name}.before")

    def difference(self) -> str:
        """The lines that change, with those around them."""
        old, new = self.before.splitlines(), self.after.splitlines()
        names = (str(self.copy), str(self.file))
        return "\n".join(unified_diff(old, new, *names, lineterm=""))

    def write(self) -> None:
        """Put both in their places, whole or not at all, as whose and as open as the file was.

        Raises `OSError`.
        """
        place = Path(os.path.realpath(self.file))
        told, disk = place.stat(), LocalDisk()
        texts = {self.copy: self.before, place: self.after}
        for path, text in texts.items():
            draft = draft_of(path)
            disk.write(draft, [text.encode()], told.st_mode & 0o777)
            draft.chmod(told.st_mode & 0o777)
            os.chown(draft, told.st_uid, told.st_gid)
        settle(disk, list(texts))
