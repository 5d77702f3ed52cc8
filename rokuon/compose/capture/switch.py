"""Routes, targets and prompts as signalling has them: read, prepared, put together.

Knows where prepared prompts lie, nothing of calls.
"""

from collections.abc import Iterable, Iterator

import structlog

from capture.inline.state.exchange import Switch
from capture.inline.state.prompt_stock import PromptStock, PromptWording
from capture.links.relay_messages import Latch
from capture.prompts.encoder import available_codecs
from capture.prompts.prepare import Prepared, prepare
from capture.prompts.prompt import Prompt, prompt_at
from capture.prompts.sound import SoundUnreadable
from capture.prompts.tones import TONES, Tone
from rokuon.compose.capture.routes import emergency_of, routes_of, targets_of
from rokuon.compose.processes.sockets import prompts_path
from rokuon.config.latches import peers_with
from rokuon.config.schema import Config, PromptSettings
from rokuon.prompts.built_in import built_in_prompts

log = structlog.get_logger("rokuon.prompts")


def switch_of(config: Config) -> Switch:
    """What the configuration says of inline calls; prompts are made ready on the way.

    Raises `OSError` for a password's file, or where nothing can be written.
    """
    if not config.has_inline:
        return Switch()
    prompts = tuple(prompts_of(config))
    folder = prompts_path(config)
    folder.mkdir(parents=True, exist_ok=True)
    prepared = prepare([*dict(prompts).values(), *TONES], available_codecs(), folder)
    _tell(prepared)
    prompts = tuple(each for each in prompts if _is_ready(each[1], prepared))
    _tell_latches(config)
    return Switch(
        routes=routes_of(config),
        targets={target.name: target for target in targets_of(config)},
        emergency=emergency_of(config),
        emergency_to=config.inline.emergency_to,
        stock=_stock(prompts, prepared),
        unread=_unread(config, prompts),
        session_expires_s=config.inline.session_expires_s,
    )


def prompts_of(config: Config) -> Iterator[tuple[str, Prompt]]:
    """Every prompt by the names under which a route finds it; the configured ones go first.

    One that is there in several languages is found with its language, and the first without.
    """
    configured = [each for each in map(_configured, config.prompt) if each is not None]
    known: set[str] = set()
    for prompt in (*configured, *_built_in_used(config)):
        for name in (prompt.name, f"{prompt.name}/{prompt.language.lower()}"):
            if name not in known:
                known.add(name)
                yield name, prompt


def _configured(settings: PromptSettings) -> Prompt | None:
    try:
        return prompt_at(
            settings.file, name=settings.name, language=settings.language, text=settings.text
        )
    except (OSError, SoundUnreadable) as error:
        log.error("a prompt cannot be read", name=settings.name, reason=str(error))
        return None


def _built_in_used(config: Config) -> Iterable[Prompt]:
    """Those of ours that a route plays: what nobody plays is not made ready."""
    used = {name for route in config.route for name in route.notice}
    return (prompt for prompt in built_in_prompts() if prompt.name in used)


def _is_ready(prompt: Prompt, prepared: Prepared) -> bool:
    return any(prepared.file_of(prompt, encoding) for encoding in available_codecs())


def _unread(config: Config, prompts: Iterable[tuple[str, Prompt]]) -> tuple[str, ...]:
    """The configured prompts, with their languages, of which nothing can be played."""
    known = {name for name, _ in prompts}
    names = (f"{each.name}/{each.language.lower()}" for each in config.prompt)
    return tuple(name for name in names if name not in known)


def _tell(prepared: Prepared) -> None:
    for failed in prepared.failed:
        log.error("a prompt cannot be played", name=failed.name, codec=failed.encoding)
    missing = {"G722", "OPUS"} - set(available_codecs())
    if missing:
        log.warning("routes with a notice take G.711 alone; the extra codecs has more")


def _tell_latches(config: Config) -> None:
    """Said at each start: whoever knows a port can be heard there, always or for a moment."""
    if peers := peers_with(Latch.ANY, config):
        log.warning("whoever sends is heard in their calls, and gets their media", peers=peers)
    if peers := peers_with(Latch.NAT, config):
        log.warning(
            "whoever sends four packets first, or after 2 s of silence, is heard in their calls, "
            "and gets their media",
            peers=peers,
        )


def _stock(prompts: Iterable[tuple[str, Prompt]], prepared: Prepared) -> PromptStock:
    """Each name with the file and the words of its own prompt."""
    named: list[tuple[str, Prompt | Tone]] = [*prompts, *((tone.name, tone) for tone in TONES)]
    return PromptStock(
        files={
            (name, encoding): path.name
            for name, played in named
            for encoding in available_codecs()
            if (path := prepared.file_of(played, encoding)) is not None
        },
        wordings={
            name: _wording(name, prompt, prepared.whole_ms(prompt)) for name, prompt in prompts
        },
    )


def _wording(name: str, prompt: Prompt, whole_ms: int) -> PromptWording:
    return PromptWording(
        prompt=name,
        language=prompt.language,
        text=prompt.text,
        sha256=prompt.sha256,
        whole_ms=whole_ms,
    )
