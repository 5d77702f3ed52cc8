"""What the catalog tells the doctor: legal holds, what must have gone, what cannot be read.

Of one that is not there or of another version nothing is known. Knows where it lies, nothing of
what is done about it.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy import Connection

from api.destruction.figures import NO_FIGURES, RetentionFigures, figures_of
from archive.catalog.database.engine import reading
from archive.catalog.database.schema_revision import CatalogOutdated
from archive.catalog.index.outdated_rows import put_aside
from archive.catalog.register.legal_holds import NO_HOLDS, HoldFigures, all_hold_figures
from archive.catalog.search.source_guesses import SourceGuesses, guesses_of
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from archive.moments import moment
from rokuon.compose.archive.catalog import present_catalog
from rokuon.config.schema import Config
from rokuon.doctor.source_deviations import DAYS
from rokuon.messages.errors import NotReady

_Told = TypeVar("_Told")
_DAY_US: Final = 86_400_000_000
# Fewer recordings say nothing of how a source is.
TELLING: Final = 5
# A withheld number here and there is no setting that is missing.
TOLERATED: Final = 0.2


def legal_holds(config: Config, now_us: int) -> HoldFigures:
    today = moment(now_us).date()
    return _told(config, lambda catalog: all_hold_figures(catalog, today), NO_HOLDS)


def retention_figures(config: Config, now_us: int) -> RetentionFigures:
    """What must have gone by now, as far as it is counted."""
    return _told(config, lambda catalog: figures_of(catalog, DEFAULT_TENANT, now_us), NO_FIGURES)


def guessing_sources(config: Config, now_us: int) -> tuple[str, ...]:
    """The sources of whose newest recordings more than a share have a side that is a guess."""
    since_us = now_us - DAYS * _DAY_US

    def told(catalog: Connection) -> tuple[str, ...]:
        tenant = tenant_row(catalog, DEFAULT_TENANT)
        found = {
            each.name: guesses_of(catalog, tenant, each.name, each.country, since_us)
            for each in config.source
        }
        return tuple(name for name, guesses in found.items() if _is_too_much(guesses))

    return _told(config, told, ())


def _is_too_much(guesses: SourceGuesses) -> bool:
    enough = guesses.recordings >= TELLING
    return enough and guesses.guessed > guesses.recordings * TOLERATED


def unread_recordings(config: Config) -> tuple[str, ...]:
    """The ids of the recordings whose stored events this version cannot read."""
    return _told(config, lambda catalog: tuple(map(str, put_aside(catalog))), ())


def _told(config: Config, ask: Callable[[Connection], _Told], nothing: _Told) -> _Told:
    try:
        with present_catalog(config) as engine, reading(engine) as connection:
            return ask(connection)
    except (NotReady, CatalogOutdated):
        return nothing
