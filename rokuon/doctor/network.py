"""Checks of what calls arrive through: SIP port, sources, media ports, buffers, descriptors.

Pure functions of `HostFacts`. Knows nothing of how facts are gathered.
"""

from typing import Final

from capture.links.relay_messages import Latch
from rokuon.config.latches import peers_with
from rokuon.doctor import sizing_table
from rokuon.doctor.facts import HostFacts, PortState
from rokuon.messages.check_result import Check, CheckResult
from rokuon.messages.i18n import tr

# docs/capture.md: a successor of a killed worker is there long before this is full.
MIN_BUFFER_S: Final = 10.0
_UNSPECIFIED: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104  # compared with, never bound


def bind(facts: HostFacts) -> CheckResult:
    """Whether SIP can be answered where it is configured."""
    check = Check("SIP-001", tr("SIP address"))
    sip = facts.config.sip
    measured = f"{sip.bind}:{sip.port} {facts.sip_port}"
    match facts.sip_port:
        case PortState.FREE | PortState.OURS:
            return check.passed(measured, tr("free or ours"))
        case PortState.NO_ADDRESS:
            fix = tr("set sip.bind to an address of this machine (ip address)")
        case PortState.OTHER:
            fix = tr("another program has the port: stop it (ss -lunp) or change sip.port")
    return check.error(measured, tr("free or ours"), fix)


def advertise(facts: HostFacts) -> CheckResult:
    """Whether peers are told an address that they can send to."""
    check = Check("SIP-002", tr("address told to peers"))
    config = facts.config
    unnamed = [
        name
        for name, section in (("sip", config.sip), ("rtp", config.rtp))
        if section.bind in _UNSPECIFIED and not section.advertise
    ]
    threshold = tr("a real address wherever bind means all addresses")
    if not unnamed:
        return check.passed(config.sip.advertise or config.sip.bind, threshold)
    return check.error(
        ", ".join(f"{name}.advertise" for name in unnamed),
        threshold,
        tr("set it to the address at which the PBX reaches this machine"),
    )


def local_browser(facts: HostFacts) -> CheckResult:
    """Whether what is said to be a browser of this machine can be a web server's visitors."""
    check = Check("HTTP-001", tr("browsers without TLS"))
    threshold = tr("no web server beside http.local_browser")
    if not facts.config.http.local_browser:
        return check.passed(tr("none may sign in"), threshold)
    if not facts.web_ports:
        return check.passed(tr("those on this machine may sign in"), threshold)
    return check.warning(
        tr("a web server listens on {ports}").format(ports=", ".join(map(str, facts.web_ports))),
        threshold,
        tr(
            "take http.local_browser away; where that server passes the pages on, name it in"
            " http.trusted_proxies (docs/how-to/pages-behind-tls.md)"
        ),
    )


def silent(facts: HostFacts) -> CheckResult:
    """Whether a source pings us but sends no calls to record."""
    check = Check("SRC-002", tr("sources that live send calls"))
    threshold = tr("a call within source.alarm_after_s of each source that pings")
    if not facts.calls.silent_sources:
        return check.passed(tr("none is silent"), threshold)
    return check.warning(
        ", ".join(facts.calls.silent_sources),
        threshold,
        tr(
            "look at its recording rule (docs/how-to); set source.alarm_after_s higher, "
            "or to 0, where that is as it should be"
        ),
    )


def intruders(facts: HostFacts) -> CheckResult:
    """Whether a source spoke in calls of another tenant."""
    check = Check("SRC-003", tr("sources speak in their own calls"))
    threshold = tr("no request of a source within a call of another tenant, for a day")
    if not facts.calls.intruders:
        return check.passed(tr("all do"), threshold)
    return check.warning(
        ", ".join(facts.calls.intruders),
        threshold,
        tr(
            "they were answered 481, and no call has changed; find out how it came by their"
            " Call-IDs, or whether two tables of a configuration are one peer (source.tenant)"
        ),
    )


def guessing(facts: HostFacts) -> CheckResult:
    """Whether it is known which side is ours in the calls of each source."""
    check = Check("SRC-004", tr("sides are known"))
    threshold = tr("a guess in at most a fifth of the newest recordings of a source, for 30 days")
    if not facts.calls.guessing_sources:
        return check.passed(tr("they are"), threshold)
    return check.warning(
        ", ".join(facts.calls.guessing_sources),
        threshold,
        tr(
            "rokuon source report NAME says what would tell, rokuon source learn NAME writes it"
            " into the configuration"
        ),
    )


def port_count(facts: HostFacts) -> CheckResult:
    """Whether the range holds as many calls as are admitted."""
    check = Check("RTP-001", tr("media ports for the call limit"))
    room = sizing_table.calls_in(facts.config.rtp)
    wanted = facts.config.limits.max_calls
    measured = tr("{count} calls").format(count=room)
    threshold = tr("{count} calls").format(count=wanted)
    if room >= wanted:
        return check.passed(measured, threshold)
    last = facts.config.rtp.first_port + 2 * sizing_table.pairs_for(wanted) - 2
    return check.error(
        measured,
        threshold,
        tr("set rtp.last_port to {port} or lower limits.max_calls to {calls}").format(
            port=last, calls=room
        ),
    )


def port_overlap(facts: HostFacts) -> CheckResult:
    """Whether other programs may be given one of our ports by the kernel."""
    check = Check("RTP-002", tr("media ports apart from ephemeral ports"))
    rtp = facts.config.rtp
    low, high = facts.kernel.local_ports
    measured = f"{rtp.first_port}-{rtp.last_port + 1}"
    threshold = tr("outside {low}-{high}").format(low=low, high=high)
    if rtp.last_port + 1 < low or rtp.first_port > high:
        return check.passed(measured, threshold)
    return check.warning(
        measured,
        threshold,
        tr("sysctl -w net.ipv4.ip_local_reserved_ports={ports}").format(ports=measured),
    )


def latch(facts: HostFacts) -> CheckResult:
    """Whether anybody may put media into a call, or draw it away; who may for a moment is named."""
    check = Check("RTP-003", tr("whose media is taken"))
    threshold = tr('no latch of "any"')
    open_to_all = peers_with(Latch.ANY, facts.config)
    if open_to_all:
        return check.warning(
            ", ".join(open_to_all),
            threshold,
            tr('set latch to "signalled", or behind address translation to "nat"'),
        )
    open_at_first = peers_with(Latch.NAT, facts.config)
    if not open_at_first:
        return check.passed(tr("none is open to anybody"), threshold)
    measured = tr("until somebody is heard, and after 2 s of silence, four packets take: {peers}")
    return check.passed(measured.format(peers=", ".join(open_at_first)), threshold)


def buffers(facts: HostFacts) -> CheckResult:
    """Whether a stream survives the time without its worker."""
    check = Check("BUF-001", tr("receive buffer of a stream"))
    seconds = sizing_table.buffer_s(facts.kernel.rmem_max_bytes)
    measured = f"{seconds:.1f} s (rmem_max {facts.kernel.rmem_max_bytes})"
    threshold = f">= {MIN_BUFFER_S:.0f} s"
    if seconds >= MIN_BUFFER_S:
        return check.passed(measured, threshold)
    return check.warning(measured, threshold, "sysctl -w net.core.rmem_max=212992")


def udp_memory(facts: HostFacts) -> CheckResult:
    """Whether the kernel has room for all streams at once."""
    check = Check("BUF-002", tr("kernel memory for datagrams"))
    need = sizing_table.udp_bytes_for(facts.config.limits.max_calls)
    have = facts.kernel.udp_mem_max_bytes
    measured, threshold = f"{have >> 20} MiB", f">= {need >> 20} MiB"
    if not have:
        # A network namespace of its own, as a container has, does not show what holds for all.
        return check.passed(tr("the kernel does not say it here"), threshold)
    if have >= need:
        return check.passed(measured, threshold)
    pages = need // 4096 + 1
    return check.warning(
        measured, threshold, f'sysctl -w net.ipv4.udp_mem="{pages // 2} {pages * 3 // 4} {pages}"'
    )


def descriptors(facts: HostFacts) -> CheckResult:
    """Whether the holder may open every pair of the range."""
    check = Check("LIM-001", tr("open files"))
    need = sizing_table.descriptors_for(sizing_table.pairs_in(facts.config.rtp))
    have = facts.kernel.descriptors
    if have >= need:
        return check.passed(str(have), f">= {need}")
    return check.error(
        str(have),
        f">= {need}",
        tr("LimitNOFILE={need} in the unit, or ulimit -n {need} before the start").format(
            need=need
        ),
    )
