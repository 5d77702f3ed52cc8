"""Every page in each of its states, and how one comes there; what has no state says why.

A page is a template. One that is added without its states makes `test_states.py` fail.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from retention.policies.policy_text import policy_text
from retention.policies.shipped_policy import SHIPPED
from tests.api.examples import LIVE
from tests.pages.calls import WORD, endless
from tests.pages.held import given_up, let_go
from tests.pages.houses import CALL, UNCOVERED, policy_of
from tests.pages.limited import RESTRICTED, SUSPENDED
from tests.pages.planned import DONE, OPEN, READY
from tests.pages.simulated import came_to_nothing, job_over, jobs_listed, simulated, waiting
from tests.pages.steps import (
    ALL_TIME,
    approval_gone,
    at,
    auditing,
    away,
    broken_glass,
    coded,
    doubted,
    enrol,
    enrol_app,
    enrol_different,
    found_with,
    open_all,
    out,
    ranked_with,
    reviewing,
    second,
    second_wrong,
    sent,
    service_proposed,
    token_made,
    welcome,
    without_purpose,
)
from tests.pages.visitor import Go

STATES: Final = ("empty", "typical", "error", "long")
# In which house a page is in that state, if not in the usual one.
HOUSES: Final = {"empty": "new", "long": "long"}
# Answers that are no page: they lead elsewhere, or are taken in by a page.
NO_PAGES: Final = frozenset(
    {"/", "/assets/{name}", "/live/news", "/live/room", "/calls/{conversation}/audio"}
    | {
        "/plans/{number}/certificate/{name}",
        "/plans/{number}/letter/{language}",
        "/due/table",
        "/calls/{conversation}/waveform",
        "/policies/{number}/text",
    }
)
_JA: Final = endless(100)
WRONG_POLICY: Final = f"""form = 1
zone = "{_JA}"
[[rule]]
id = "{WORD}"
colour = "red"
[[rule]]
id = "a"
[rule.audio]
delete_after = "{WORD}"
"""
SHIPPED_TEXT: Final = policy_text(SHIPPED.policy)
NOTHING_TYPED: Final = "nothing is typed into it"
ONE_VALUE: Final = "it shows what was just made"


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page: its addresses, and how one comes into its states; a text says why there is none.

    `further` states are those of the usual house that this page alone has.
    """

    routes: tuple[str, ...] = ()
    empty: Go | str
    typical: Go | str
    error: Go | str
    long: Go | str
    further: Mapping[str, Go] = field(default_factory=dict)

    @property
    def states(self) -> Mapping[str, Go]:
        """Those that it has, and how one comes into each."""
        usual = {name: getattr(self, name) for name in STATES}
        had = {name: go for name, go in usual.items() if not isinstance(go, str)}
        return {**had, **self.further}


PAGES: Final[Mapping[str, Page]] = {
    "sign_in.html": Page(
        routes=("/sign-in",),
        empty=out(at("/sign-in")),
        typical=out(at("/sign-in?next=/calls")),
        error=out(sent("/sign-in", "/sign-in", name="nobody", password="x")),  # noqa: S106  # nobody's
        long=out(sent("/sign-in", "/sign-in", name=_JA, password="x")),  # noqa: S106  # nobody's
    ),
    "second.html": Page(
        routes=("/sign-in/second",),
        empty=second,
        typical=second,
        error=second_wrong,
        long=second_wrong,
    ),
    "welcome.html": Page(
        routes=("/welcome",),
        empty=out(at("/welcome")),
        typical=welcome,
        error=out(at("/welcome?code=guessed")),
        long=welcome,
    ),
    "enrol.html": Page(
        routes=("/enrol",),
        empty=enrol,
        typical=enrol_app,
        error=enrol_different,
        long=enrol_app,
    ),
    "find.html": Page(
        routes=("/calls",),
        empty=at("/calls?range=today"),
        typical=at(f"/calls?{ALL_TIME}"),
        error=at("/calls?from=soon&least=x&number=abc"),
        long=found_with,
    ),
    "ranked.html": Page(
        routes=("/calls/likeliest",),
        empty=at("/calls?text=10/29"),
        typical=at("/calls?text=10月29日の夕方、田中か中田、7788、天気は雨"),
        error=at("/calls?text=&when=xyzzy&agent=田中&extension=x"),
        long=ranked_with,
        further={
            "by_field": at(
                "/calls?text=夕方&when=10月&agent=田中&sure=agent&aside=when&queue=解約"
            ),
            "nothing_fits": at("/calls?text=&when=2020-01-01&sure=when&agent=田中&sure=agent"),
            "begin_anew": at("/calls?text=10月&cursor=nonsense"),
        },
    ),
    "days.html": Page(
        routes=("/calls/days",),
        empty=at("/calls/days?range=today"),
        typical=at(f"/calls/days?{ALL_TIME}"),
        error=at("/calls/days?from=soon"),
        long=at("/calls/days?from=2026-01-01&to=2026-11-30"),
    ),
    "agents.html": Page(
        routes=("/calls/agents",),
        empty=at("/calls/agents"),
        typical=at("/calls/agents"),
        error=NOTHING_TYPED,
        long=at("/calls/agents"),
    ),
    "agent_seats.html": Page(
        routes=("/agents",),
        empty=at("/agents"),
        typical=at("/agents?extension=2001"),
        error=sent("/agents", "/agents/assign", extension="2001", agent_id=WORD),
        long=at("/agents?extension=2001"),
    ),
    "call.html": Page(
        routes=("/calls/{conversation}",),
        empty=open_all(f"/calls/{CALL}"),
        typical=open_all(f"/calls/{CALL}"),
        error=broken_glass,
        long=open_all(f"/calls/{CALL}"),
        further={
            "restricted": at(f"/calls/{RESTRICTED}"),
            "suspended": at(f"/calls/{SUSPENDED}"),
        },
    ),
    "ladder.html": Page(
        routes=("/calls/{conversation}/ladder",),
        empty=at(f"/calls/{CALL}/ladder"),
        typical=at(f"/calls/{CALL}/ladder"),
        error=NOTHING_TYPED,
        long=at(f"/calls/{CALL}/ladder"),
    ),
    "quality.html": Page(
        routes=("/calls/{conversation}/quality",),
        empty=at(f"/calls/{CALL}/quality"),
        typical=at(f"/calls/{CALL}/quality"),
        error=NOTHING_TYPED,
        long=at(f"/calls/{CALL}/quality"),
    ),
    "kept.html": Page(
        routes=("/calls/{conversation}/kept",),
        empty=at(f"/calls/{CALL}/kept"),
        typical=at(f"/calls/{CALL}/kept"),
        error=NOTHING_TYPED,
        long=at(f"/calls/{CALL}/kept"),
        further={"suspended": at(f"/calls/{SUSPENDED}/kept")},
    ),
    "live.html": Page(
        routes=("/live",),
        empty=at("/live"),
        typical=at("/live"),
        error=sent("/live", f"/live/{LIVE.recording}/pause", reason=""),
        long=at("/live"),
    ),
    "journal.html": Page(
        routes=("/journal",),
        empty=at("/journal?action=broke_glass"),
        typical=at("/journal"),
        error=at("/journal?from=soon&to=never"),
        long=at("/journal"),
    ),
    "journal_heard.html": Page(
        routes=("/journal/heard",),
        empty=at("/journal/heard"),
        typical=at(f"/journal/heard?id={CALL}"),
        error=at("/journal/heard?id=nonsense"),
        long=at(f"/journal/heard?id={CALL}"),
    ),
    "journal_reach.html": Page(
        routes=("/journal/reach",),
        empty=at("/journal/reach?account=nobody&from=-1d"),
        typical=at("/journal/reach?account=yamada&from=-90d"),
        error=at("/journal/reach?account=yamada&from=soon"),
        long=at(f"/journal/reach?account={WORD}&from=-90d"),
    ),
    "people.html": Page(
        routes=("/people",),
        empty=at("/people"),
        typical=at("/people"),
        error=sent("/people", "/people", name=_JA, queues=_JA, numbers="x"),
        long=at("/people"),
    ),
    "person.html": Page(
        routes=("/people/{name}",),
        empty=at("/people/yamada"),
        typical=at("/people/sato"),
        error=sent("/people/sato", "/people/sato/os-names", os_name=_JA),
        long=at(f"/people/{WORD[:60]}"),
    ),
    "service.html": Page(
        routes=("/people/service:{service}",),
        empty="a house that is new has none",
        typical=at("/people/service:crm"),
        error=service_proposed,
        long=at(f"/people/service:{WORD}"),
    ),
    "policies.html": Page(
        routes=("/policies",),
        empty=at("/policies"),
        typical=at("/policies"),
        error=NOTHING_TYPED,
        long=at("/policies"),
    ),
    "policy.html": Page(
        routes=("/policies/{number}",),
        empty=at("/policies/0"),
        typical=at("/policies/1"),
        error=NOTHING_TYPED,
        long=at("/policies/1"),
    ),
    "policy_draft.html": Page(
        routes=("/policy-draft",),
        empty=at("/policy-draft"),
        typical=sent("/policy-draft", "/policy-draft/check", text=policy_of("queue")),
        error=sent("/policy-draft", "/policy-draft/check", text=WRONG_POLICY),
        long=sent("/policy-draft", "/policy-draft/check", text=policy_of(endless(120))),
    ),
    "simulation.html": Page(
        routes=("/simulations/{number}",),
        empty=waiting,
        typical=simulated(policy_of("解約")),
        error=came_to_nothing,
        long=simulated(policy_of(endless(60))),
    ),
    "jobs.html": Page(
        routes=("/jobs",),
        empty=at("/jobs"),
        typical=jobs_listed,
        error=job_over,
        long=jobs_listed,
    ),
    "simulation_changes.html": Page(
        routes=("/simulations/{number}/recordings",),
        empty=simulated(SHIPPED_TEXT, "/recordings"),
        typical=simulated(policy_of("解約"), "/recordings"),
        error=NOTHING_TYPED,
        long=simulated(policy_of(endless(60)), "/recordings"),
    ),
    "holds.html": Page(
        routes=("/holds",),
        empty=at("/holds"),
        typical=at("/holds"),
        error=NOTHING_TYPED,
        long=at("/holds"),
    ),
    "hold.html": Page(
        routes=("/holds/{number}",),
        empty="a house that is new has none",
        typical=at("/holds/1"),
        error=given_up,
        long=at("/holds/2"),
        further={"released": at("/holds/3"), "given_up": at("/holds/4"), "placing": at("/holds/5")},
    ),
    "hold_recordings.html": Page(
        routes=("/holds/{number}/recordings",),
        empty="a house that is new has none",
        typical=at("/holds/1/recordings"),
        error=at("/holds/1/recordings?state=meant"),
        long=at("/holds/1/recordings"),
    ),
    "hold_release.html": Page(
        routes=("/holds/{number}/release",),
        empty="a house that is new has none",
        typical=at("/holds/1/release"),
        error=let_go,
        long=at("/holds/1/release"),
    ),
    "hold_draft.html": Page(
        routes=("/hold-draft",),
        empty=at("/hold-draft?range=today"),
        typical=at(f"/hold-draft?{ALL_TIME}&number=7788"),
        error=sent(f"/hold-draft?{ALL_TIME}", "/hold-draft", matter=_JA),
        long=at(f"/hold-draft?{ALL_TIME}&agent={_JA}&queue={_JA}&tag={WORD}"),
        further={"wrong": at("/hold-draft?from=soon")},
    ),
    "plans.html": Page(
        routes=("/plans",),
        empty=at("/plans"),
        typical=at("/plans"),
        error=NOTHING_TYPED,
        long=at("/plans"),
        further={"clock_unsure": doubted(at("/plans"))},
    ),
    "plan.html": Page(
        routes=("/plans/{number}",),
        empty="a house that is new has none",
        typical=at(f"/plans/{DONE}"),
        error=NOTHING_TYPED,
        long=at(f"/plans/{DONE}"),
        further={
            "stopped": at("/plans/1"),
            "cooling": at("/plans/2"),
            "waiting": at("/plans/4"),
            "proposed": at(f"/plans/{OPEN}"),
            "clock_unsure": doubted(at("/plans/4")),
        },
    ),
    "plan_apply.html": Page(
        routes=("/plans/{number}/apply",),
        empty="a house that is new has no plan",
        typical=at(f"/plans/{READY}/apply"),
        error=NOTHING_TYPED,
        long=at(f"/plans/{READY}/apply"),
    ),
    "plan_recordings.html": Page(
        routes=("/plans/{number}/recordings",),
        empty="a plan is of something",
        typical=at(f"/plans/{DONE}/recordings"),
        error=NOTHING_TYPED,
        long=at(f"/plans/{DONE}/recordings"),
    ),
    "due.html": Page(
        routes=("/due",),
        empty=at("/due"),
        typical=at("/due?days=90"),
        error=NOTHING_TYPED,
        long=at("/due?days=90"),
    ),
    "overdue.html": Page(
        routes=("/overdue",),
        empty=at("/overdue"),
        typical=at("/overdue"),
        error=NOTHING_TYPED,
        long=at("/overdue"),
        further={"clock_unsure": doubted(at("/overdue"))},
    ),
    "health.html": Page(
        routes=("/health",),
        empty=at("/health"),
        typical=at("/health"),
        error=NOTHING_TYPED,
        long=at("/health"),
    ),
    "clock.html": Page(
        routes=("/clock",),
        empty=at("/clock"),
        typical=doubted(at("/clock")),
        error=doubted(sent("/clock", "/clock/confirm", read_at="2036-01-01T00:00")),
        long=doubted(at("/clock")),
        further={"not_yours": doubted(auditing("/clock"))},
    ),
    "tombstones.html": Page(
        routes=("/tombstones",),
        empty=at("/tombstones"),
        typical=at("/tombstones"),
        error=at("/tombstones?from=soon"),
        long=at(f"/tombstones?{ALL_TIME}"),
    ),
    "disable.html": Page(
        routes=("/people/{name}/disable",),
        empty=at("/people/yamada/disable"),
        typical=at("/people/sato/disable"),
        error=NOTHING_TYPED,
        long=at(f"/people/{WORD[:60]}/disable"),
    ),
    "code.html": Page(empty=ONE_VALUE, typical=coded, error=ONE_VALUE, long=coded),
    "token.html": Page(
        empty=token_made(""), typical=token_made("CRM"), error=ONE_VALUE, long=token_made(_JA * 2)
    ),
    "approvals.html": Page(
        routes=("/approvals",),
        empty=at("/approvals"),
        typical=at("/approvals"),
        error=approval_gone,
        long=at("/approvals"),
    ),
    "me.html": Page(
        routes=("/me",),
        empty=at("/me"),
        typical=at("/me"),
        error=sent("/me", "/me/zone", zone="Moon/Base"),
        long=at("/me"),
    ),
    "purpose.html": Page(
        empty=without_purpose,
        typical=without_purpose,
        error=NOTHING_TYPED,
        long=without_purpose,
    ),
    "uncovered.html": Page(
        empty="a house that is new has no such call",
        typical=at(f"/calls/{UNCOVERED}"),
        error=at(f"/calls/{UNCOVERED}/ladder"),
        long=at(f"/calls/{UNCOVERED}"),
        further={"restricted": reviewing},
    ),
    "refused.html": Page(
        empty=at("/nowhere"),
        typical=at("/calls/nonsense"),
        error=away,
        long=at(f"/people/{WORD}{_JA}"),
    ),
}
