"""A PBX of PJSIP in Asterisk's manner: a call of its own to whom it calls, and itself between both.

Music on hold is sound and no `a=sendonly`; REFER ends here, and who is there by now is said in
P-Asserted-Identity, the former name beside the new number. Runs in the phones' own virtual
environment beside the self-test's programs.
"""

import re
from typing import Any

import pjsua
import pjsua2 as pj

_USER = re.compile(r"sips?:([^@;>]+)@")
_RINGS, _SPEAKS, _ANSWERS = 180, 183, 200
# What a caller is told of a callee's refusal, by way of the causes of Q.850; others as they came.
_CAUSES = {603: 403, 408: 480}


def _user(uri: str) -> str:
    found = _USER.search(uri)
    return found[1] if found else ""


class Leg(pjsua.Call):
    """One dialog, and that of whom it is connected with."""

    def __init__(self, phone: "Pbx", account: pj.Account, call_id: int = pj.PJSUA_INVALID_ID):
        super().__init__(phone, account, call_id)
        self.pbx = phone
        self.other: Leg | None = None
        self.gives_up: Leg | None = None
        self.called: dict[str, Any] = {}
        self.audio: pj.AudioMedia | None = None
        self.state, self.is_held = pj.PJSIP_INV_STATE_NULL, False

    def take(self, media: Any) -> None:
        active = {pj.PJSUA_CALL_MEDIA_ACTIVE, pj.PJSUA_CALL_MEDIA_REMOTE_HOLD}
        if media.status in active and media.audioConfSlot != pj.PJSUA_INVALID_ID:
            self.is_held = media.status == pj.PJSUA_CALL_MEDIA_REMOTE_HOLD
            self.audio = self.getAudioMedia(media.index)
            self.pbx.connect(self)

    def onCallState(self, prm: Any) -> None:  # noqa: N802  # the library's name
        super().onCallState(prm)
        info = self.getInfo()
        self.state = info.state
        if info.role == pj.PJSIP_ROLE_UAC:
            self.pbx.went_on(self, info)
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.pbx.left(self)

    def onCallTransferRequest(self, prm: Any) -> None:  # noqa: N802
        child = Leg(self.pbx, self.account)
        child.other, child.gives_up = self.other, self
        child.called = {**self.called, "number": _user(prm.dstUri)}
        prm.newCall = child

    @property
    def waits(self) -> bool:
        """Whether it is told that it rings."""
        return bool(self.called["rings"]) and self.player is None

    def says(self, code: int, *headers: tuple[str, str]) -> None:
        prm = _with(*headers)
        prm.statusCode = code
        self.answer(prm)


def _with(*headers: tuple[str, str]) -> pj.CallOpParam:
    prm = pj.CallOpParam(True)  # noqa: FBT003  # the library takes nothing else
    for name, value in headers:
        header = pj.SipHeader()
        header.hName, header.hValue = name, value
        prm.txOption.headers.append(header)
    return prm


class Account(pj.Account):
    """Whoever calls it."""

    def __init__(self, pbx: "Pbx"):
        super().__init__()
        self.pbx = pbx

    def onIncomingCall(self, prm: Any) -> None:  # noqa: N802
        request = prm.rdata.wholeMsg.split(" ", 2)[1]
        self.pbx.rang(Leg(self.pbx, self, prm.callId), _user(request))


class Pbx(pjsua.Phone):
    """Its extensions, its line to the outside, its music."""

    def __init__(self, asked: dict[str, Any]):
        self.place, self.trunk = asked["place"], asked["trunk"]
        self.extensions: dict[str, dict[str, Any]] = asked["extensions"]
        super().__init__(asked)
        self.music = pj.AudioMediaPlayer()
        self.music.createPlayer(asked["music"])

    def new_account(self) -> Account:
        return Account(self)

    def account_settings(self, asked: dict[str, Any]) -> pj.AccountConfig:
        config = super().account_settings(asked)
        if asked["session_s"]:
            config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_ALWAYS
            config.callConfig.timerSessExpiresSec = asked["session_s"]
        return config

    def rang(self, leg: Leg, number: str) -> None:
        """Call an extension's telephone, or whom it is forwarded to; else the outside."""
        called = self.extensions.get(number, {})
        to = called.get("forwards", number)
        leg.called = {"rings": True, **called, "number": to}
        leg.called["name"] = "" if "forwards" in called else called.get("name", "")
        onward = Leg(self, leg.account)
        onward.called, onward.other, leg.other = leg.called, leg, onward
        forwarded = f"<sip:{number}@{self.place}>;reason=unconditional"
        prm = _with(*([("Diversion", forwarded)] if "forwards" in called else []))
        prm.txOption.localUri = f"<sip:{_user(leg.getInfo().remoteUri)}@{self.place}>"
        if called.get("announces"):
            leg.play(called["announces"])
            leg.says(_SPEAKS)
        inside = "" if "forwards" in called else called.get("telephone", "")
        onward.makeCall(inside or f"sip:{to}@{self.trunk}", prm)

    def went_on(self, onward: Leg, info: Any) -> None:
        """What became of a call of ours is told to who is to be connected with it."""
        caller = onward.other
        if caller is None:
            return
        if info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            self._answered(onward, caller)
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self._refused(onward, caller, info.lastStatusCode)
        elif info.state == pj.PJSIP_INV_STATE_EARLY and not onward.gives_up and caller.waits:
            caller.says(_RINGS)

    def _answered(self, onward: Leg, caller: Leg) -> None:
        called = onward.called
        name = f'"{called["name"]}" ' if called["name"] else ""
        who = ("P-Asserted-Identity", f"{name}<sip:{called['number']}@{self.place}>")
        former, onward.gives_up = onward.gives_up, None
        if former is None:
            caller.says(_ANSWERS, who)
        else:
            former.other, caller.other = None, onward
            former.hangup(pj.CallOpParam())
            caller.reinvite(_with(who))
        self.connect(onward)

    def _refused(self, onward: Leg, caller: Leg, code: int) -> None:
        if onward.gives_up is None and caller.other is onward:
            caller.other = None
            if caller.state == pj.PJSIP_INV_STATE_CONFIRMED:
                caller.hangup(pj.CallOpParam())
            else:
                caller.says(_CAUSES.get(code, code))

    def left(self, leg: Leg) -> None:
        """Who was called for it is let go."""
        other, leg.other = leg.other, None
        if other is not None and other.state != pj.PJSIP_INV_STATE_DISCONNECTED:
            other.other = None
            other.hangup(pj.CallOpParam())

    def connect(self, leg: Leg) -> None:
        """Each hears the other one, or the music where that one holds; or what it is told."""
        other = leg.other
        if leg.player is not None and leg.state < pj.PJSIP_INV_STATE_CONNECTING:
            leg.player.startTransmit(leg.audio)
        if other is None or other.other is not leg or leg.audio is None or other.audio is None:
            return
        for one, far in ((leg, other), (other, leg)):
            if far.player is not None:
                far.player.stopTransmit(far.audio)
            heard, silent = (self.music, one.audio) if one.is_held else (one.audio, self.music)
            silent.stopTransmit(far.audio)
            heard.startTransmit(far.audio)


pjsua.main(Pbx)
