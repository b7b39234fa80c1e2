"""`mindu licence check` holds a shown code against keys and lists at hand; `set` ends one."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from mindu.apps.services.licences.following import UNDONE
from mindu.apps.services.licences.keys import Public, Trust, unb64
from mindu.apps.services.licences.kinds import KINDS
from mindu.apps.services.licences.presented import checked
from mindu.apps.services.licences.rows import WORDS
from mindu.apps.services.licences.tokens import Forged
from mindu.apps.services.web.read import label
from mindu.base.records import Words
from mindu.base.time import SystemClock
from mindu.cli.counter.beside import Done, Spoken
from mindu.cli.say import FOUND, GOOD, Trouble, Voice, state
from mindu.cli.services.hall import Hall
from mindu.cli.services.orders import give

FETCH = Words("Fetch them from /licences/keys and /licences/list/….",
              "请从 /licences/keys 与 /licences/list/… 获取。")  # fmt: skip

AGAIN = Words("Mend it and try again.", "请修正后重试。")
NAMES = {"status": ("status", "状态"), "as_of": ("as of", "状态时间"),
         "issuer": ("issuer", "签发机关"),
         "to": ("shown to", "出示给")}  # fmt: skip
STANDS = {
    "valid": Words("valid", "有效"), "suspended": Words("SUSPENDED", "暂停使用"),
    "revoked": Words("REVOKED", "已吊销"),
    "unknown": Words("unknown: give its --list", "未知:请提供状态列表(--list)"),
}  # fmt: skip
SAYS = ("name", "status", "why", "by")


def licence(asked: argparse.Namespace, voice: Voice) -> int:
    """Check a shown licence offline, or suspend, revoke or restore one."""
    return _check(asked, voice) if asked.what == "check" else _set(asked, voice)


def _check(asked: argparse.Namespace, voice: Voice) -> int:
    try:
        trust, lists = _at_hand(asked.keys, asked.list)
        text = sys.stdin.read() if asked.name == "-" else Path(asked.name).read_text("utf-8")
        found = checked(text, trust, SystemClock().now(), lists)
    except Forged as no:
        voice.data({"holds": False, "en": no.en, "zh": no.zh},
                   no.zh if voice.lang == "zh" else no.en)  # fmt: skip
        return FOUND
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise Trouble(Words(str(wrong), str(wrong)), FETCH) from None
    shown = found.shown
    status = "unknown" if shown.status is None else shown.status.name.lower()
    told = {"holds": True, "status": status, "as_of": shown.as_of, "issuer": shown.issuer,
            "claims": shown.claims, "to": found.to}  # fmt: skip
    voice.data(told, "\n".join(_lines(told, shown.kind, voice.lang)))
    return GOOD if status == "valid" else FOUND


def _lines(told: Mapping[str, Any], kind: str, lang: str) -> list[str]:
    """Return what a shown licence says, line by line, as its own page calls it."""
    zh = lang == "zh"
    item = next((one.item for one in KINDS.values() if one.vct == kind), "")
    said = {**told, "status": STANDS[told["status"]].zh if zh else STANDS[told["status"]].en}
    lines = [f"{NAMES[name][zh]}: {said[name]}" for name in NAMES]
    claims = told["claims"].items()
    return lines + [f"{label(item, n, lang) if item else n}: {value}" for n, value in claims]


def _at_hand(keys: Path, lists: list[Path]) -> tuple[Trust, dict[str, str]]:
    """Return the keys that are trusted and the lists that are kept, by address."""
    told = msgspec.json.decode(keys.read_bytes(), type=list[dict[str, object]])
    held = {str(one["kid"]): msgspec.convert(one, Public) for one in told}
    grants = {str(one["kid"]): msgspec.convert(one["issuers"], list[str]) for one in told}
    tokens = [path.read_text("ascii").strip() for path in lists]
    named = [msgspec.json.decode(unb64(token.split(".")[1])) for token in tokens]
    return Trust(held, grants), {str(n["sub"]): t for n, t in zip(named, tokens, strict=True)}


def _set(asked: argparse.Namespace, voice: Voice) -> int:
    order = Spoken("licence", {name: getattr(asked, name) for name in SAYS})
    done = give(state(asked.data), order, do)
    voice.data(done.data, done.text)
    return GOOD


def _zh(hall: Hall, said: Mapping[str, Any]) -> str:
    """Return why a licence was not changed."""
    if not str(said["why"]).strip():
        return "请说明理由:持证人会看到"
    if hall.site.licences.row(str(said["name"])).cause == UNDONE:
        return "所依据的批准正在重新办理,重新批准后自动恢复"
    return "已吊销,不能恢复:请重新发证"


def do(hall: Hall, said: Mapping[str, Any]) -> Done:
    """Suspend, revoke or restore a licence, also while the hall serves.

    Raises:
        Trouble: there is none of that number, no reason was given, or it was revoked.
    """
    hall.site.look()
    number, status = str(said["name"]), str(said["status"])
    try:
        hall.site.licences.set(
            number, WORDS[status], str(said["why"]), by=str(said["by"]), now=hall.site.now()
        )
    except KeyError:
        none = Words(f"There is no licence {number}.", f"没有证照 {number}。")
        raise Trouble(none, AGAIN) from None
    except ValueError as wrong:
        raise Trouble(Words(str(wrong), f"未更改 {number}:{_zh(hall, said)}"), AGAIN) from None
    stands = STANDS[status]  # who hears it may speak either language
    return Done({"number": number, "status": status}, f"{number} {stands.zh} {stands.en}")
