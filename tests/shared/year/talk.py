# SPDX-License-Identifier: Apache-2.0
"""What people say: screens, answered in all the ways in which people answer, and concerns."""

from __future__ import annotations

from typing import Any

import attrs

from peerkit.kit import Kit
from year import humans
from year.ledger import Said, Worry
from year.world import Life, Year, minutes

ASQ_WAYS = {
    "all no": 78,
    "declined": 4,
    "thoughts": 9,
    "acute": 5,
    "left after a yes": 2,
    "acute at once": 2,
}
FORM_WAYS = {"all no": 78, "low": 9, "hurt": 7, "unsafe": 4, "all": 2}


def script(year: Year, instrument: str) -> list[tuple[str, Any]]:
    """The answers of one screen, in their order."""
    dice = year.dice
    if instrument == "how-it-goes":
        way = dice.draw(FORM_WAYS)
        return [(item, way in {item, "all"}) for item in ("low", "hurt", "unsafe")]
    way = dice.draw(ASQ_WAYS)
    if way == "acute at once":
        return [("q5", True)]
    if way == "declined":
        return [(f"q{n}", "declined") for n in (1, 2, 3, 4)]
    yes = 0 if way == "all no" else dice.whole(1, 4)
    told: list[tuple[str, Any]] = [(f"q{n}", n == yes) for n in (1, 2, 3, 4)]
    if way == "acute":
        told.append(("q5", True))
    elif way == "thoughts":
        told.append(("q5", False))
    return told


def screen(year: Year) -> Life:
    """One of them, answer by answer, whatever happens meanwhile."""
    dice, cast = year.dice, year.cast
    person = dice.pick(cast.people)
    by = cast.pairs.get(person, "") if dice.happens(0.7) else dice.pick((*cast.supervisors, person))
    if by in cast.gone or not by:
        by = dice.pick(cast.supervisors or cast.coordinators)  # in a small program all of them may be gone
    instrument = "asq" if dice.happens(0.6) else "how-it-goes"
    begun = None
    while not begun:
        begun = year.attempt("begin a screen", lambda kit: _begin(kit, by, instrument, person))
        if not begun:
            yield minutes(4)
    worry = year.ledger.begins(begun.value.id, "screen", person, instrument)
    sheet = Sheet(worry, by, begun.value, year.app.born)
    year.happened["screens"] += 1
    told = script(year, instrument)
    left = dice.happens(0.04)
    if left and len(told) > 1:
        told = told[: dice.whole(1, len(told) - 1)]
        year.happened["screens left lying"] += 1
    for item, value in told:
        if dice.happens(0.01):
            yield dice.minutes(30, 400)  # somebody is called away
        yield from _answer(year, sheet, item, value)
        yield dice.minutes(0.1, 1)
    if not left:
        yield from _finish(year, sheet)
        if dice.happens(0.03):
            yield dice.minutes(30, 2000)
            year.happened["answers after the end"] += 1
            sheet.born = -1
            yield from _answer(year, sheet, "q5" if instrument == "asq" else "unsafe", value=True)
    if dice.happens(0.01):
        yield dice.minutes(10, 600)
        _move(year, worry)


@attrs.define
class Sheet:
    """A screen in somebody's hand: `held` in the process that was started for the `born`-th time."""

    worry: Worry
    by: str
    held: Any
    born: int


def _begin(kit: Kit, by: str, instrument: str, person: str, screen: str = "") -> Any:
    with kit.session(actor=by) as s:
        return s.screening(instrument, person, screen=screen)


def _go_on(year: Year, sheet: Sheet) -> bool:
    """Whether the screen can be gone on with, in the process that runs now."""
    if sheet.born != year.app.born:
        worry = sheet.worry
        found = year.attempt(
            "go on", lambda kit: _begin(kit, sheet.by, worry.instrument, worry.about, worry.key)
        )
        sheet.held, sheet.born = found.value, year.app.born if found else -1
        if found and found.value.id != worry.key:  # the store that was put back does not know it
            sheet.worry = year.ledger.begins(found.value.id, "screen", worry.about, worry.instrument)
    return sheet.born == year.app.born


def _beside(year: Year, sheet: Sheet) -> Any:
    """The same screen, gone on with beside the one who holds it, who knows nothing of that."""
    worry = sheet.worry
    found = year.attempt(
        "go on beside", lambda kit: _begin(kit, sheet.by, worry.instrument, worry.about, worry.key)
    )
    if not found or found.value.id != worry.key:
        return sheet.held
    year.happened["answers given beside"] += 1
    return found.value


def _answer(year: Year, sheet: Sheet, item: str, value: Any) -> Life:
    """Give one answer until it is stored. Where the call does not come back, it stays on paper, and is
    entered again; when it was said is when it was said."""
    said, worry = Said(year.now, item, value), sheet.worry
    worry.said.append(said)
    while said.stored is None:
        if _go_on(year, sheet):
            worry.said.remove(said)
            worry = sheet.worry
            worry.said.append(said)
            held = _beside(year, sheet) if year.dice.happens(0.05) else sheet.held
            done = year.attempt("answer", lambda _, held=held: held.answer(item, value))
            if done:
                said.stored = year.now
                _talked(year, sheet.by, done.value)
                return
            year.happened["answers that had to be given again"] += 1
        yield year.dice.minutes(1, 8)


def _talked(year: Year, by: str, steps: Any) -> None:
    """At `talk` whoever holds the screen is told by the steps alone, and mostly takes it."""
    if steps is not None and steps.level == "talk" and year.dice.happens(0.8):
        year.begin("talks", humans.takes(year, by, steps.alert), year.dice.minutes(5, 1200))


def _finish(year: Year, sheet: Sheet) -> Life:
    sheet.worry.finished = year.now
    while not (_go_on(year, sheet) and year.attempt("finish", lambda _: sheet.held.finish())):
        yield minutes(5)


def _move(year: Year, worry: Worry) -> None:
    """It had been filed under the wrong person."""
    other = year.dice.pick([one for one in year.cast.people if one != worry.about])
    who = year.dice.pick(year.cast.coordinators)

    def do(kit: Kit) -> Any:
        with kit.session(actor=who) as s:
            return s.screening("", screen=worry.key).move(other)

    done = year.attempt("move", do)
    if done:
        worry.firsts.append(worry.about)
        worry.about, worry.moved[other] = other, year.now
        year.happened["screens moved to another person"] += 1


def concern(year: Year) -> Life:
    """Somebody is worried: with an account or without, about somebody or about who works here."""
    dice, cast = year.dice, year.cast
    about = dice.pick(cast.people) if dice.happens(0.9) else ""
    by = "" if dice.happens(0.4) else dice.pick((*cast.supporters, *cast.people))
    names = []
    if dice.happens(0.1):
        names = [cast.pairs.get(about) or dice.pick((*cast.supporters, *cast.staff))]
    level = "today" if dice.happens(0.3) else "now"
    said = Said(year.now, "", level)
    while said.stored is None:
        done = year.attempt(
            "concern",
            lambda kit: kit.concern("Made up.", about or None, by or None, names=names, level=level),
        )
        if done:
            said.stored = year.now
            worry = year.ledger.begins(done.value.alert, "concern", about)
            worry.said.append(said)
            year.happened["concerns"] += 1
            year.happened["concerns that name who works here"] += bool(names)
        else:
            yield dice.minutes(1, 8)
