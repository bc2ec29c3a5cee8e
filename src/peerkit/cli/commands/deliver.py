# SPDX-License-Identifier: Apache-2.0
"""`peerkit deliver` sends what is due, once or for as long as it runs; `peerkit drill` tries the path."""

from __future__ import annotations

import re
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

import click

from peerkit.cli import exits, out, streams
from peerkit.cli.app import App
from peerkit.cli.options import acting, as_json, database
from peerkit.cli.speaking import label, say
from peerkit.errors import Conflict, Malformed, PeerkitError
from peerkit.model.when import zone_or_utc
from peerkit.texts import _, joined, many

if TYPE_CHECKING:
    from peerkit.delivery import Report
    from peerkit.kit import Kit

PING_SECONDS = 10
CLOCKS = {
    "behind": _("this machine's clock is behind the last delivery's"),
    "ahead": _("this machine's clock is ahead of the last delivery's"),
}


@click.command()
@click.option(
    "--limit", default=100, show_default=True, type=click.IntRange(1, 10_000), help="Alerts a run at most."
)
@click.option(
    "--watch",
    type=click.IntRange(1, 3600),
    metavar="SECONDS",
    help="Go on for ever, one run in so many seconds.",
)
@click.option(
    "--ping",
    metavar="URL",
    help="An outside address to call after each good run: it notices when this machine is off.",
)
@click.option(
    "--clock-is-right",
    is_flag=True,
    help="Confirm, as a coordinator, a clock that was put back, or is a day ahead of the last delivery.",
)
@acting
@database
@as_json
@click.pass_context
def deliver(
    ctx: click.Context, *, limit: int, watch: int | None, ping: str | None, clock_is_right: bool
) -> None:
    """Send what is due: let alerts climb, hand notices over, feed plugins that watch, leave a heartbeat.

    Run it every minute, from a timer, or with --watch. Without it alerts are open and nobody is told
    after the first attempt; every command then says so. With --watch a run that fails, since the
    database is locked for example, is said on standard error, and the next one comes.
    """
    app: App = ctx.ensure_object(App)
    if ping is not None:
        _address(ping)
    with app.kit() as kit:
        if clock_is_right:
            from peerkit.delivery import confirm_time

            confirm_time(kit, app.actor(kit))
        if watch is not None:
            _watch(app, kit, limit, every=watch, ping=ping)
        reports = []
        for report in _runs(kit, limit):
            _say(app, report)
            reports.append(report)
        if ping is not None and _good(reports):
            _ping(ping)
    if any(report.problems for report in reports):
        ctx.exit(exits.ALARM)


def _watch(app: App, kit: Kit, limit: int, *, every: int, ping: str | None) -> NoReturn:
    """Run for ever. Whatever goes wrong in a run is said, and the next comes: a store that was locked for a
    while must not be the end of the alarms, nor an output that cannot be written: what is said goes to the
    other one then. It ends where whoever reads it goes away. The outside address hears of good runs alone."""
    while True:
        reports: list[Report] = []
        good = False
        try:
            for report in _runs(kit, limit):
                reports.append(report)  # noqa: PERF402  # what was done before a fault is said too
            good = _good(reports)
        except PeerkitError as error:
            exits.told(error).show()
        except Exception as error:  # noqa: BLE001  # likewise
            exits.fault(error).show()
        with streams.heard():  # a log whose disk is full is not the end of the alarms
            for report in reports:
                _say(app, report, at=_clock(kit))
        if ping is not None and good:
            _ping(ping)
        time.sleep(every)


def _runs(kit: Kit, limit: int) -> Iterator[Report]:
    """Run to the end of what is due; no further where another process that delivers was quicker."""
    more = True
    while more:
        try:
            report = kit.deliver(limit)
        except Conflict:
            return
        yield report
        more = report.more


def _good(reports: list[Report]) -> bool:
    """Whether something was run, nothing of it went wrong, and somebody was told of each open alert."""
    return bool(reports) and not any(report.problems or report.unseen for report in reports)


def _clock(kit: Kit) -> str:
    """What the program's own clock shows, for a line that stands among others."""
    zone = "UTC"
    with suppress(Exception):  # settings that cannot be read stop no delivery
        zone = kit.program.timezone
    return kit.clock.now().astimezone(zone_or_utc(zone)).strftime("%H:%M:%S")


def _say(app: App, report: Report, *, at: str = "") -> None:
    if app.as_json:
        out.emit(report)
        return
    done = [
        (report.climbed, many("{n} alert climbed", "{n} alerts climbed", report.climbed)),
        (report.handed_over, many("{n} notice handed over", "{n} notices handed over", report.handed_over)),
        (report.failed, many("{n} notice failed", "{n} notices failed", report.failed)),
        (report.screens, many("{n} screen looked after", "{n} screens looked after", report.screens)),
        (
            report.brought,
            many("{n} record that time brought", "{n} records that time brought", report.brought),
        ),
        (report.digests, many("{n} digest", "{n} digests", report.digests)),
        (report.referrals, many("{n} referral handed over", "{n} referrals handed over", report.referrals)),
        (
            report.notices,
            many("{n} message of a person handed over", "{n} messages of people handed over", report.notices),
        ),
        (
            report.observed,
            many("{n} change shown to plugins", "{n} changes shown to plugins", report.observed),
        ),
    ]
    words = joined([what for n, what in done if n], ", ")
    out.line(joined([at, words or _("Nothing was due.")]))
    for problem in report.problems:
        out.line(joined(["!", problem]), style="bold red", indent=2)
    if report.clock:
        out.line(joined(["!", CLOCKS[report.clock]]), style="bold red", indent=2)
    if report.borrowed:
        told = _("the clocks of two machines are apart: this run went by the other one's")
        out.line(joined(["!", told]), style="bold red", indent=2)


def _address(url: str) -> None:
    """Malformed says at the start what could never be called."""
    if not url.startswith(("https://", "http://")):
        raise Malformed(_("an address to ping begins with https:// or http://"), where="--ping")
    try:
        parts = urlsplit(url)
        fits = bool(parts.hostname) and parts.port != 0 and parts.username is None
    except ValueError:  # a port that is no number, half a bracket
        fits = False
    if not (fits and _PLAIN.fullmatch(url)):
        told = _(
            "this is no address that can be called: it is written without spaces, accents or a login, as in "
            "https://example.org/alive or http://10.0.0.5:8080/alive (a space in it is %20)"
        )
        raise Malformed(told, where="--ping")


_PLAIN = re.compile(r"[!-~]+")


def _ping(url: str) -> None:
    """Call the outside address. Whatever goes wrong with that is said: it is no fault of the delivery."""
    try:
        with urllib.request.urlopen(url, timeout=PING_SECONDS):  # noqa: S310  # http and https only, see above
            return
    except Exception:  # noqa: BLE001  # what answers there may be anything, and no HTTP at all
        click.secho(say(_("WARNING: the outside address could not be called")), fg="red", err=True)


@click.command()
@click.option(
    "--supporters",
    type=click.IntRange(1, 1000),
    default=None,
    metavar="N",
    help="Try N supporters instead, who was tried longest ago first.",
)
@acting
@database
@as_json
@click.pass_context
def drill(ctx: click.Context, *, supporters: int | None) -> None:
    """Try the way an alarm takes: whoever holds an office on the path, each supervisor and coordinator,
    and each outside body gets a notice that says it is a drill.

    Each of those people then acknowledges it (`peerkit ack REFERENCE`). The drill has passed when
    somebody of every step has, who was handed the notice; that, within the last thirty days, is what
    makes a program ready.

    The step of a person's own supporter is somebody else for each person. With --supporters, N of those who
    have answered neither a drill nor an alarm within thirty days are tried, and nobody else; run daily with a
    few, nobody hears of it but them. `peerkit health` says how many are left.
    """
    app: App = ctx.ensure_object(App)
    with app.kit() as kit:
        report = kit.drill(app.actor(kit), supporters=supporters or 0)
    if app.as_json:
        out.emit(report)
    elif not report.drill:
        out.line(_("No supporter is to be tried now."))
    else:
        steps = joined([label("", "role", one) for one in report.steps], ", ")
        out.line(
            _("Sent to {steps}. Its reference: {reference}", steps=steps, reference=report.reference),
            style="bold",
        )
        out.pairs([(_("handed over"), report.handed_over), (_("failed"), report.failed or None)], indent=2)
        for role in report.unreached:
            nobody = _(
                "the step {step} reached nobody: until it does, no drill can pass",
                step=label("", "role", role),
            )
            out.line(joined(["!", nobody]), style="bold red", indent=2)
        out.line(_("Each of them now: {command}", command=f"peerkit ack {report.reference}"))
    if report.unreached:
        ctx.exit(exits.ALARM)
