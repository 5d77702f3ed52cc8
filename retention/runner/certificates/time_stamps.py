"""Having certificates stamped by others (RFC 3161): asked again and again, never waited for.

Knows nothing of networks: who asks a server is handed in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import Engine

from archive.catalog.database.engine import reading
from archive.catalog.destruction.certificates import certificates_of
from archive.certificates.folder import CERTIFICATE, CertificateFolder
from archive.certificates.time_stamps import Question
from archive.errors import StampRefused, StampWrong
from archive.ids import TenantId

# A server and what it is asked; raises `OSError`, `StampRefused`.
Ask = Callable[[str, bytes], bytes]
# Certificates that are looked at in a round; who never answered for an older one is let be.
LATEST: Final = 100

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeStamps:
    """The servers that are to stamp the certificates of one tenant."""

    engine: Engine
    folder: CertificateFolder
    tenant: TenantId
    servers: Sequence[str]
    ask: Ask

    def round(self) -> int:
        """Ask each server for what it has not stamped; how many stamps are still missing."""
        if not self.servers:
            return 0
        with reading(self.engine) as connection:
            latest = certificates_of(connection, self.tenant, limit=LATEST)
        wanted = [
            (each.content.run, server)
            for each in latest
            for server in self.servers
            if not self.folder.has_stamp(self.tenant, each.content.run, server)
        ]
        return sum(not self._stamped(run, server) for run, server in wanted)

    def _stamped(self, run: bytes, server: str) -> bool:
        content = self.folder.read(self.tenant, run, CERTIFICATE)
        question = Question.about(content)
        try:
            answer = self.ask(server, question.der)
            question.take(answer)
        except (OSError, StampRefused, StampWrong) as failed:
            log.warning("certificates.not_stamped", server=server, reason=str(failed))
            return False
        self.folder.put_stamp(self.tenant, run, server, answer)
        return True
