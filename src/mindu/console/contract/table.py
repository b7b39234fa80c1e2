"""The table of addresses of the whole API."""

from typing import Any

from mindu.console.contract import ahead, alerts, city, deeds, learning, things
from mindu.console.contract.address import PAGED, ROOT, Address
from mindu.console.contract.common import Done, Reasoned, Session, SignIn
from mindu.console.contract.models.table import MODELLING

__all__ = ["ROOT", "TABLE", "Address"]

TABLE = (
    Address(name="session", path="/session", says="Who am I, and what may I do.", least="guest",
            answer=Session, timed=False),
    Address(name="manifest", path="/manifest", says="All that is declared of the city.",
            answer=city.ManifestOut),
    Address(name="entities", path="/entities", says="What stands in the city, gravest first.",
            query=("ids", "kind", "q", "severity", "box", *PAGED), answer=things.Rows),
    Address(name="entity", path="/entities/{id}", says="One thing whole.", answer=things.Thing),
    Address(name="series", path="/series", says="One channel over time.",
            query=("about", "prop", "since", "until", "points"), answer=things.SeriesOut),
    Address(name="forecasts", path="/forecasts", says="The newest forecast of one channel.",
            query=("about", "prop"), answer=things.ForecastOut),
    Address(name="alerts", path="/alerts", says="What holds, gravest first.",
            query=("severity", "state", "kind", "loop", "owner", "about", "q", "sort", *PAGED),
            answer=alerts.Alerts),
    Address(name="alerts_act", method="POST", path="/alerts/act", says="Acknowledge, own, silence "
            "or escalate alerts, with a reason.", least="operator", body=alerts.AlertDeed,
            answer=Done, timed=False),
    Address(name="approvals", path="/approvals", says="Proposed actions; what waits comes first.",
            query=("state", "about", *PAGED), answer=deeds.Approvals),
    Address(name="decide", method="POST", path="/approvals/decide", says="Say yes or no to one or "
            "many actions.", least="approver", body=deeds.Decide, answer=Done, timed=False),
    Address(name="undo", method="POST", path="/approvals/undo", says="Take back what was sent.",
            least="approver", body=Reasoned, answer=Done, timed=False),
    Address(name="why", path="/why/{seq}", says="The whole story of one entry.",
            answer=learning.WhyOut),
    Address(name="proof", path="/proof/{seq}", says="That an entry stands in the tree.",
            query=("size",), answer=learning.Proof),
    Address(name="log", path="/log", says="Entries of the log.",
            query=("kind", "about", "by", "sort", *PAGED), answer=learning.Nodes),
    Address(name="scores", path="/scores", says="Every score card.", answer=learning.ScoresOut),
    Address(name="lessons", path="/lessons", says="What was learned.", answer=learning.Lessons),
    Address(name="take_back", method="POST", path="/lessons/take-back", says="Take a lesson back.",
            least="steward", body=Reasoned, answer=Done, timed=False),
    Address(name="apps", path="/apps", says="Apps by tiers.", answer=learning.AppsOut),
    Address(name="moments", path="/moments", says="Where one may go back to.",
            answer=learning.Moments),
    Address(name="jobs", path="/lookahead", says="Looks ahead.", answer=ahead.Jobs, timed=False),
    Address(name="start", method="POST", path="/lookahead", says="Start a look ahead.",
            least="operator", body=ahead.Wish, answer=ahead.JobOut, timed=False),
    Address(name="job", path="/lookahead/{id}", says="One look ahead, with both futures when done.",
            answer=ahead.JobOut, timed=False),
    Address(name="cancel", method="DELETE", path="/lookahead/{id}", says="End a look ahead.",
            least="operator", answer=ahead.JobOut, timed=False),
    Address(name="points_ids", path="/points/ids", says="The names of the dense points, in order.",
            query=("kind",), answer=tuple[str, ...]),
    Address(name="points", path="/points", says="Dense positions as bytes (docs/console-api.md).",
            query=("kind", "prop"), kind="application/octet-stream"),
    Address(name="points_stream", path="/points/stream", says="The dense positions again "
            "and again, at most twice a second (docs/console-api.md).", query=("kind", "prop"),
            kind="application/octet-stream", timed=False),
    Address(name="stream", path="/stream", says="Server-sent events; see StreamEvent.",
            query=("since",), kind="text/event-stream", timed=False),
    Address(name="sign_in", method="POST", path="/sign-in", says="Sign in by password.",
            least="guest", body=SignIn, answer=Session, timed=False),
    Address(name="sign_out", method="POST", path="/sign-out", says="Sign out.", least="guest",
            answer=Session, timed=False),
    Address(name="passkey_begin_enrol", method="POST", path="/passkey/begin-enrol", least="viewer",
            says="Options to make a passkey.", answer=dict[str, Any], timed=False),
    Address(name="passkey_finish_enrol", method="POST", path="/passkey/finish-enrol",
            least="viewer", says="Keep the passkey made.", body=dict[str, Any], answer=Session,
            timed=False),
    Address(name="passkey_begin_enter", method="POST", path="/passkey/begin-enter", least="guest",
            says="Options to sign in by passkey.", answer=dict[str, Any], timed=False),
    Address(name="passkey_finish_enter", method="POST", path="/passkey/finish-enter", least="guest",
            says="Sign in by passkey.", body=dict[str, Any], answer=Session, timed=False),
    *MODELLING,
)  # fmt: skip
