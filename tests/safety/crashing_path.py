# SPDX-License-Identifier: Apache-2.0
"""The whole path from an answer to the end of its alert, killed at every SQL statement and before and after
every send of each phase; and a fresh process that comes afterwards.

    python crashing_path.py FOLDER few|all      a JSON report on standard output

A phase is a process of its own. Each goes through once, to count its points and to leave the store that the
next one begins with; then that store is copied for each point, a child is forked and killed there, and
another child recovers. The parent never opens a store, so that forking is safe.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import attrs
from crashing import OutboxPlugin, Points, traced
from recovering import LEVELS, afterwards, at_once

import peerkit
from peerkit import Decision, PeerSupporter, Person, Relationship, hookimpl
from peerkit.hooks import Instrument, Supply
from peerkit.model.response import NEEDS
from peerkit.testing import TimeMachine

CHANNELS = ("mail", "text")
FORM = "how-it-goes"


class Form:
    """Supplies a questionnaire that knows every level."""

    name = "form"

    @hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        text = (Path(__file__).parents[1] / "shared" / f"{FORM}.toml").read_text(encoding="utf-8")
        return [Instrument(text, f"{FORM}.toml")]


class Labelled(Points):
    """Points that know what they stand before: of which act, and which word the statement begins with."""

    def __init__(self, kill_at: int) -> None:
        super().__init__(kill_at)
        self.labels: list[str] = []
        self.act = ""

    def pass_one(self, *given: Any) -> None:
        if self.counting:
            word = str(given[0]).split(maxsplit=1)[0].upper() if given else "send"
            self.labels.append(f"{self.act}: {word}")
        super().pass_one(*given)


@attrs.define
class Place:
    """A store with whatever stands beside it: what was sent, which acts returned, when it is."""

    folder: Path

    @property
    def store(self) -> Path:
        return self.folder / "program.db"

    @property
    def outbox(self) -> Path:
        return self.folder / "outbox"

    @property
    def returned(self) -> Path:
        return self.folder / "returned"

    def copied(self, folder: Path) -> Place:
        shutil.copytree(self.folder, folder)
        return Place(folder)

    def acts(self) -> list[str]:
        return self.returned.read_text(encoding="utf-8").split() if self.returned.exists() else []

    def sent(self) -> set[str]:
        """The references of all alerts and drills of which something went out."""
        lines = self.outbox.read_text(encoding="utf-8").splitlines() if self.outbox.exists() else []
        return {json.loads(line)[2] for line in lines}

    def open(self, points: Points, clock: TimeMachine, **options: Any) -> Any:
        plugins = [OutboxPlugin(str(self.outbox), points, CHANNELS), Form()]
        url = f"sqlite:///{self.store}?synchronous=normal"
        return peerkit.open(url, plugins=plugins, discover=False, clock=clock, **options)


@attrs.define
class Acting:
    """What the acts of a phase work with."""

    kit: Any
    people: dict[str, str]

    @property
    def alert(self) -> Any:
        """The alert that the screen opened."""
        return next(a for a in self.kit._find_all("alert") if a.screen)

    def screen(self, s: Any) -> Any:
        held = self.kit._find_all("risk_screen")
        return s.screening(FORM, self.people["maya"], screen=held[0].id if held else "")

    def answer(self, item: str) -> None:
        with self.kit.session(actor=self.people["sam"]) as s:
            self.screen(s).answer(item, True)  # noqa: FBT003  # a value of the form

    def respond(self, act: str, **details: Any) -> None:
        with self.kit.session(actor=self.people["cora"]) as s:
            s.respond(self.alert.id, act, **details)

    def hand_on(self, who: str, to: str) -> None:
        with self.kit.session(actor=self.people[who]) as s:
            s.hand_on(self.alert.id, to=self.people[to])

    def acknowledge(self, who: str, reference: str, *, can_come: bool = True) -> None:
        with self.kit.session(actor=self.people[who]) as s:
            s.acknowledge(reference, can_come=can_come)


def _begin(w: Acting) -> None:
    with w.kit.session(actor=w.people["sam"]) as s:
        w.screen(s)


def _finish(w: Acting) -> None:
    with w.kit.session(actor=w.people["sam"]) as s:
        w.screen(s).finish()


def _drill(w: Acting) -> None:
    w.kit.drill(w.people["cora"])


def _seen(w: Acting) -> None:
    [drill] = w.kit._find_all("drill")
    for who in ("sue", "ola", "cora"):
        w.acknowledge(who, drill.reference)


Act = tuple[str, Callable[[Acting], Any]]

PHASES: dict[str, tuple[int, tuple[Act, ...]]] = {
    "screen": (
        0,
        (
            ("begin", _begin),
            ("low", lambda w: w.answer("low")),
            ("hurt", lambda w: w.answer("hurt")),
            ("unsafe", lambda w: w.answer("unsafe")),
            ("finish", _finish),
        ),
    ),
    "climbs": (11, (("deliver", lambda w: w.kit.deliver()),)),
    "cannot": (12, (("cannot", lambda w: w.acknowledge("ola", w.alert.id, can_come=False)),)),
    "taken": (13, (("acknowledge", lambda w: w.acknowledge("cora", w.alert.id)),)),
    "handed-on": (14, (("hand_on", lambda w: w.hand_on("cora", "sue")),)),
    "taken-over": (15, (("acknowledge", lambda w: w.acknowledge("sue", w.alert.id)),)),
    "answered": (16, (("worse", lambda w: w.answer("worse")),)),
    "taken-anew": (17, (("acknowledge", lambda w: w.acknowledge("sue", w.alert.id)),)),
    "nothing-happens": (78, (("deliver", lambda w: w.kit.deliver()),)),
    "acts": (79, (("act", lambda w: w.respond("act", words="Went there", consent=True)),)),
    "needs": (
        80,
        tuple((f"meet-{n}", lambda w, n=n: w.respond("meet", need=n)) for n in NEEDS if n != "acted"),
    ),
    "reminded": (80 + 24 * 60, (("deliver", lambda w: w.kit.deliver()),)),
    "closes": (83 + 24 * 60, (("close", lambda w: w.respond("close")),)),
    "concern": (
        84 + 24 * 60,
        (("concern", lambda w: w.kit.concern("Made up", w.people["maya"], first=w.people["sam"])),),
    ),
    "drill": (120 + 24 * 60, (("drill", _drill), ("seen", _seen))),
}
"""Each phase: at which minute it begins, and its acts."""


def found(place: Place) -> dict[str, str]:
    """The program; its people by name."""
    settings = {
        "name": "Small (fictional)",
        "coordinator": {"name": "Cora", "reach": ["mail:cora", "text:cora"]},
        "on_call": [{"name": "Ola", "reach": ["mail:ola", "text:ola"]}],
        "path": [{"role": role, "minutes": 10} for role in ("supervisor", "on-call", "coordinator")],
        "notifiers": list(CHANNELS),
        "digest_at": "",
        "debrief_days": 0,
    }
    with place.open(Points(0), TimeMachine(), settings=settings) as kit:
        held = {one.role: one.person for one in kit._find_all("appointment")}
        cora, people = held["coordinator"], {"cora": held["coordinator"], "ola": held["on-call"]}
        with kit.session(actor=cora) as s:
            for name in ("sue", "sam", "maya"):
                reach = (f"mail:{name}", f"text:{name}")
                people[name] = s.save(Person.enrol(name=name.title(), reach=reach, age_band="25-64")).id
            spoken = {name: Decision.of(people[name], how="spoken") for name in ("sam", "maya")}
            sam, maya = people["sam"], people["maya"]
            s.save(PeerSupporter.welcome(sam, supervisor=people["sue"], by=spoken["sam"]))
            made = Relationship.enquire(person=maya, by=spoken["maya"]).propose(sam)
            s.save(made.agree(by=spoken["maya"]).take_on(by=spoken["sam"]))
    return people


def live(place: Place, phase: str, people: dict[str, str], kill_at: int) -> list[str]:
    """Go through a phase, and die at one of its points; what the points stand before."""
    minute, acts = PHASES[phase]
    points, clock = Labelled(kill_at), TimeMachine()
    clock.forward(minutes=minute)
    traced(points)
    with place.open(points, clock) as kit:
        acting = Acting(kit, people)
        for name, act in acts:
            points.act, points.counting = name, True
            act(acting)
            points.counting = False
            with place.returned.open("a", encoding="utf-8") as file:
                file.write(f"{phase}.{name}\n")
        points.counting = True
        points.pass_one("end")
        points.counting = False
    return points.labels


# -- afterwards ------------------------------------------------------------------------------------------


def recover(place: Place, phase: str, people: dict[str, str]) -> list[str]:
    """What a fresh process finds that must not be, at once and after delivery went on; nothing, if all is
    well."""
    clock, wrong = TimeMachine(), list[str]()
    clock.forward(minutes=PHASES[phase][0] + 2)
    with place.open(Points(0), clock) as kit:
        wrong += at_once(kit, place.acts())
        before = {a.id: a.state for a in kit._find_all("alert")}
        if phase == "screen":  # whoever holds it enters what did not return
            for item in LEVELS:
                if f"screen.{item}" not in place.acts():
                    Acting(kit, people).answer(item)
        for _ in range(3):
            kit.deliver()
            clock.forward(minutes=2)
        wrong += afterwards(kit, place.acts(), place.sent(), clock)
        for alert in kit._find_all("alert"):
            if alert.state == "closed" and before.get(alert.id) != "closed":
                wrong.append("delivery closed an alert")
        if not kit.verify().intact:
            wrong.append("not intact")
    return wrong


# -- one process a point ---------------------------------------------------------------------------------


def forked(work: Callable[[], Any]) -> tuple[int, Any]:
    """Do it in a child: how it ended, and what it gave back."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reads)
        code = 1
        try:
            given = json.dumps(work()).encode()
            with os.fdopen(writes, "wb") as pipe:
                pipe.write(given)
            code = 0
        except BaseException:  # noqa: BLE001  # told on standard error, and by the exit code
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writes)
    with os.fdopen(reads, "rb") as pipe:
        given = pipe.read()
    _, status = os.waitpid(child, 0)
    ended = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    return ended, json.loads(given) if given else None


def chosen(labels: list[str], *, everything: bool) -> list[int]:
    """The points to die at: all, or of each act the first and the last of each sort."""
    numbers = range(1, len(labels) + 1)
    if everything:
        return list(numbers)
    first = {label: number for number, label in reversed(list(zip(numbers, labels, strict=True)))}
    last = dict(zip(labels, numbers, strict=True))
    return sorted({*first.values(), *last.values()})


def _everything_loaded() -> None:
    """Load what children would each load anew: it is loaded on first use."""
    for module in pkgutil.walk_packages(peerkit.__path__, "peerkit."):
        if not module.name.endswith("__main__") and ".cli" not in module.name:
            importlib.import_module(module.name)


def main(folder: Path, *, everything: bool) -> dict[str, Any]:
    """Everything, phase after phase."""
    place = Place(folder / "first")
    place.folder.mkdir()
    code, people = forked(lambda: found(place))
    assert code == 0
    _everything_loaded()
    report: dict[str, Any] = {"phases": {}, "wrong": []}
    for phase in PHASES:
        following = place.copied(folder / f"after-{phase}")
        code, labels = forked(lambda following=following, phase=phase: live(following, phase, people, 0))
        assert code == 0, phase
        points = chosen(labels, everything=everything)
        wrong: list[str] = []
        for number in points:
            wrong += _point(place, phase, people, number, labels[number - 1])
        report["wrong"] += wrong
        report["phases"][phase] = {
            "points": len(labels),
            "sends": sum(label.endswith(": send") for label in labels),
            "tried": len(points),
        }
        place = following
    return report


def _point(place: Place, phase: str, people: dict[str, str], number: int, label: str) -> list[str]:
    told = f"{phase}, point {number} ({label}): "
    with tempfile.TemporaryDirectory(dir=place.folder.parent) as made:
        copy = place.copied(Path(made) / "killed")
        ended, _ = forked(lambda: live(copy, phase, people, number))
        if ended != -signal.SIGKILL:
            return [f"{told}ended with {ended}, not killed"]
        ended, wrong = forked(lambda: recover(copy, phase, people))
        if ended:
            return [f"{told}nothing recovers, {ended}"]
        return [told + one for one in wrong]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), everything=sys.argv[2] == "all")))
