"""How who sends a request within a dialog stands to it: its own, a guest's, a stranger.

Tags and Call-IDs stand in logs: whoever has them is not the one who called. Pure rules over what is
configured and what was when the dialog began. Knows nothing of what a request asks.
"""

from capture.peers.sources import Source, Sources
from capture.sip.flow import Flow
from capture.sip.owner import DialogAccess, Owner


def owner_of(source: Source | None, host: str) -> Owner:
    """Who a call is of that came from this source; of nobody's, whoever is at this address."""
    if source is None:
        return Owner(hosts=(host,))
    return Owner(
        source=source.name,
        tenant=source.tenant,
        networks=tuple(map(str, source.networks)),
        certificate=source.certificate,
        peer_group=source.peer_group,
        account=source.user,
        is_strict=source.strict,
    )


def owner_called(
    source: Source | None, networks: tuple[str, ...], host: str, tenant: bytes
) -> Owner:
    """Who is at the other end of a call that we make: the target, its source, who answers there."""
    if source is None or source.tenant != tenant:
        return Owner(tenant=tenant, networks=networks, is_called=True, hosts=(host,))
    shared = source.certificate != ""
    own = () if shared else tuple(map(str, source.networks))
    return Owner(
        source=source.name,
        tenant=tenant,
        networks=(*networks, *own),
        certificate=source.certificate,
        peer_group=source.peer_group,
        account=source.user,
        is_strict=source.strict,
        is_called=True,
        hosts=(host,),
    )


def dialog_access(sources: Sources, owner: Owner, last: Flow, flow: Flow) -> DialogAccess:
    """How who sends by `flow` stands to a dialog in which its own was heard last by `last`."""
    host, source = flow.remote.host, sources.find(flow.remote.host, flow.names)
    if owner.certificate and owner.certificate in flow.names:
        return DialogAccess.OWN
    if owner.is_called and (host in owner.hosts or owner.has_address(host)):
        return DialogAccess.OWN
    if not owner.certificate and _is_own_address(sources, owner, last, host, source):
        return DialogAccess.OWN
    if source is None or source.tenant != owner.tenant:
        return DialogAccess.STRANGER
    if owner.peer_group and source.peer_group == owner.peer_group:
        return DialogAccess.OWN
    has_account = bool(owner.account) and source.user == owner.account
    return DialogAccess.UNPROVED if has_account else DialogAccess.GUEST


def _is_own_address(
    sources: Sources, owner: Owner, last: Flow, host: str, source: Source | None
) -> bool:
    """Is it one that its source had when the call began, whatever that is called by now?

    Not where it is another's all the same: of two that share addresses, or of a small network
    within a large one.
    """
    if host not in owner.hosts and not owner.has_address(host):
        return False
    if source is None or source.name == owner.source:
        return True
    if source.certificate:
        return False
    return host == last.remote.host or not sources.has_still(owner)
