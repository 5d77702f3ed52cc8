"""Routes whose notice covers what the called side plays the moment it answers.

Pure. Knows nothing of files, or of what is played.
"""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from capture.errors import PeerBrokeProtocol
from capture.inline.routing.route import Route
from capture.sip.uri import SipUri, bare_host, parse_uri
from rokuon.config.config_problems import ConfigProblem
from rokuon.config.schema import Config, SourceSettings, TargetSettings
from rokuon.messages.i18n import tr


def covered(config: Config) -> Iterator[ConfigProblem]:
    """A warning for each route of which that is so."""
    for index, route in enumerate(config.route):
        if covers_announcements(config, route):
            yield ConfigProblem(
                code="CFG-202",
                path=("route", index, "notice_when"),
                message=tr("what the PBX plays on answering is lost while the notice is played"),
                help=tr(
                    'for menus, queues and mailboxes set notice_when to "answer-first" or "early"'
                ),
                level="warning",
            )


def covers_announcements(config: Config, route: Route) -> bool:
    """Does the caller hear the notice over what a PBX may play as it answers?

    Dial-first, and one of the targets is a PBX.
    """
    if not route.notice or route.record == "never" or route.notice_to == "callee":
        return False
    if route.notice_when != "dial-first":
        return False
    targets = [each for each in config.target if each.name in route.to]
    return any(_is_pbx(config, route, target) for target in targets)


def _is_pbx(config: Config, route: Route, target: TargetSettings) -> bool:
    """Where our own people are: what comes in goes there, or it sends calls of internal numbers.

    Not what leads back to where the call is from, as that of the self-test does.
    """
    at = [each for each in config.source if _is_at(each, target)]
    if any(each.name in route.source for each in at):
        return False
    has_own = any(each.internal_numbers or each.internal_domains for each in at)
    return route.direction == "inbound" or has_own


def _is_at(source: SourceSettings, target: TargetSettings) -> bool:
    """Do calls of this source come from where the target is, as far as its address tells?"""
    try:
        uri = parse_uri(target.uri.encode())
        assert isinstance(uri, SipUri)
        host = ip_address(bare_host(uri.host))
    except (PeerBrokeProtocol, ValueError):
        return False
    return any(host in ip_network(network) for network in source.address)
