# SPDX-License-Identifier: Apache-2.0
"""A worry said by anybody, about anybody, with or without an account."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import attrs

from peerkit.levels import Level
from peerkit.model.actor import Actor
from peerkit.model.decision import Decision
from peerkit.model.people import Person
from peerkit.model.safety import Concern
from peerkit.safety import once
from peerkit.safety.lane import (
    LATE,
    SAFETY,
    aware,
    derived,
    identified,
    is_a,
    kept,
    meant,
    text_as_given,
    text_of,
)
from peerkit.safety.next_steps import NextSteps
from peerkit.safety.raising import NOTHING, Rise, rise
from peerkit.safety.reading import apart_from, followed, get, named_about
from peerkit.safety.standing import told
from peerkit.texts import Message, for_locale

if TYPE_CHECKING:
    from peerkit.kit import Kit


def concern(
    kit: Kit,
    words: object,
    about: object = None,
    by: object = None,
    *,
    names: Iterable[object] = (),
    level: object = Level.NOW,
    occurred: datetime | None = None,
    first: object = None,
    plugin: object = "",
    key: object = "",
    actor: object = None,
) -> NextSteps:
    """Store a worry, open an alert of its own, and give back what to do now.

    `about` and `by` are persons or their ids, or None. Several as `about` (a list, a tuple or a set) are all
    of whom one may be meant, where nobody knows which, such as those who have the name that was said: then it
    is about nobody for sure, and none of them is asked, takes its alert or reads it. `names` are the people
    who work here (or their ids) that it is about: they are off the escalation path and their access rests
    until a human settles it. `level`
    is `now` unless the caller says `today`. `first` is the human (or their id) whom it reaches first, such as
    the one whom the person chose; behind them stands the program's path, after one step's time at most, and
    at once if they cannot be asked or may not know of it. `actor` is who is signed in and reads the steps, if
    anybody is: that alone lets the person's own plan stand first in them, since `by` may be what anybody
    says. Nothing in it refuses it; what cannot be read is kept as it can be. Raises UnsavedScreen if the
    store fails.

    A module that raises one gives its own name as `plugin`, and as `key` what names the one event that it
    comes from, such as the id of a record: the same worry (level, words, whom it is about, whom it names,
    when it was) under one key of one plugin is raised once, however late it comes again. Anything else under
    that key is raised all the same, and a human is asked to look (`key-reused`).
    """
    several, whom = _several(names), _one_or_more(about)
    name = text_of(plugin) or ""
    given = _Given(
        words=words if not is_a(words, Message) else _said(kit, words),
        people=tuple(dict.fromkeys(identified(one) for one in whom)),
        by=identified(by),
        names=tuple(dict.fromkeys(found for one in several if (found := identified(one)))),
        meant=meant(*whom, by, *several, first),
        level=_level(level),
        occurred=occurred,
        first=identified(first),
        plugin=name,
        key=text_of(key) or "",
        actor=actor,
    )
    with nullcontext() if not given.key else once.hearing(_keyed(kit, given)):
        return kept(kit, "concern", lambda: _voice(kit, given), lambda: given.level, alone=given.alone)


def _keyed(kit: Kit, given: _Given) -> once.Once:
    """What was said under a plugin's key. The key is hashed there: a mark is never erased."""
    return once.Once(kit, json.dumps(["worry", given.plugin, given.key]), lasting=True)


def _said(kit: Kit, words: Message) -> str:
    """A marked sentence in the program's language; as it is where that cannot be said."""
    with suppress(Exception):
        program = kit.net.fresh(kit).program
        return for_locale(*(program.languages if program is not None else ()))(words)
    return words


@attrs.frozen(kw_only=True, repr=False)
class _Given:
    words: object
    people: tuple[str, ...]
    """Of whom it is about one; empty texts are those whom no id stands for."""
    by: str
    names: tuple[str, ...]
    meant: str
    level: Level
    occurred: object
    first: str
    plugin: str
    key: str
    actor: object
    barred: bool = False
    """Whether whom it was to reach first may not know of it."""

    @property
    def about(self) -> str:
        """Whom it is about for sure."""
        return self.people[0] if len(self.people) == 1 else ""

    @property
    def maybe(self) -> tuple[str, ...]:
        """Whom it may be about, where several may be meant."""
        return tuple(one for one in self.people if one) if len(self.people) > 1 else ()

    @property
    def alone(self) -> bool | None:
        """Whether somebody speaks of themselves; else nobody says who is there."""
        return True if self.by and self.by == self.about else None


def _voice(kit: Kit, given: _Given) -> NextSteps:
    given = attrs.evolve(
        given,
        people=tuple(dict.fromkeys(followed(kit, one) for one in given.people)),
        by=followed(kit, given.by),
        names=tuple(followed(kit, one) for one in given.names),
        first=followed(kit, given.first),
    )
    if given.first and not _may_know(kit, given):
        given = attrs.evolve(given, first="", barred=True)
    now, at = kit.clock.now(), aware(given.occurred)
    run, what = once.current(), f"concern:{given.level}"
    earlier = [] if run is None else run.earlier(what)
    for said in earlier:
        if (
            run is not None
            and _alike(get(kit, Concern, said.id), given, at)
            and run.same(said, dated=bool(at))
        ):
            return _steps(kit, given, derived(said.id, "alert"), NOTHING)
    made = _record(kit, given, at, reused=run is not None and run.new(beside=earlier))
    alert = derived(made.id, "alert")
    late = at is not None and now - at > LATE
    level = given.level
    rising = rise(kit, alert, level, now, person=given.about, concern=made.id, says=level, found_late=late)
    records = [made, *([rising.alert] if rising.alert is not None else [])]
    # The system writes both: the alert's envelope, which the person may see, does not name the author.
    with once.noting(what, made.id) as marks:
        kit.write(records, actor=SAFETY, marks=(*rising.marks, *marks))
    return _steps(kit, given, alert, rising)


def _may_know(kit: Kit, given: _Given) -> bool:
    """Whether whom it reaches first may know of it: not whom it is about, nor whom it or an open concern
    about them names, nor whom a wall keeps away. They do not stand in its record either, which would open
    it to them. What cannot be read is a no: the path begins at once."""
    with suppress(Exception):
        barred = {given.about, *given.maybe, *given.names}
        barred |= {*named_about(kit, given.about), *apart_from(kit, given.about)}
        return given.first not in barred
    return False


def _alike(held: Concern | None, given: _Given, at: datetime | None) -> bool:
    """Whether a concern was said in the same words, of and by the same people. Under a key of a plugin's it
    does not matter by whom: the words are the module's. Whom it reaches first makes it no other."""
    words = text_as_given(given.words)[0]
    now = (words, given.about, given.maybe, given.names, at)
    if held is None or now != (held.words, held.about, held.maybe, held.names, held.occurred):
        return False
    return bool(given.key) or (given.by, given.meant) == (held.author, held.meant)


def _steps(kit: Kit, given: _Given, alert: str, rising: Rise) -> NextSteps:
    """What to do now about a concern that is stored."""
    reader: Actor | None = None
    with suppress(Exception):  # who cannot be known reads the steps as anybody does
        reader = None if given.actor is None else kit._actor(cast("Any", given.actor))
    reads = "" if reader is None else reader.person
    standing = told(kit, rising, given.level, alert, author=given.by, reader=reads)
    return kit.net.steps(kit, standing, about=given.about, reader=reader, alone=given.alone)


def _record(kit: Kit, given: _Given, at: datetime | None, *, reused: bool) -> Concern:
    text, whole = text_as_given(given.words)
    obstacles = [*([] if whole else ["no-text"]), *(["no-id"] if given.meant else [])]
    obstacles += [once.REUSED] if reused else []
    obstacles += ["first-barred"] if given.barred else []
    people = [*(("unknown-person", one) for one in given.people), ("unknown-author", given.by)]
    people += [("unknown-first", given.first), *(("unknown-name", one) for one in given.names)]
    obstacles += [code for code, one in people if one and get(kit, Person, one) is None]
    if given.occurred is not None and at is None:
        obstacles.append("no-instant")
    plugin = given.plugin if any(given.plugin == one.name for one in kit.plugins) else ""
    if given.plugin and not plugin:
        obstacles.append("unknown-plugin")
    return kit.new(
        lambda: Concern.voice(
            words=text,
            about=given.about,
            author=given.by,
            names=given.names,
            maybe=given.maybe,
            first=given.first,
            plugin=plugin,
            occurred=at,
            meant=given.meant,
            obstacles=tuple(dict.fromkeys(obstacles)),
            by=Decision.of(given.by, how="spoken") if given.by else None,
        )
    )


def _level(level: object) -> Level:
    """The level asked for; `now` for what is none, and for less than today."""
    return Level.TODAY if text_of(level) == Level.TODAY else Level.NOW


def _one_or_more(about: object) -> tuple[object, ...]:
    """Whom it is about, or several of whom it may be; nothing is nobody."""
    if is_a(about, list) or is_a(about, tuple) or is_a(about, set) or is_a(about, frozenset):
        return _several(about) or (None,)
    return (about,)


def _several(names: object) -> tuple[object, ...]:
    """Ids, or what was given for them; a record stands for its id."""
    found: list[object] = []
    with suppress(Exception):  # what raises while it is read is left out, and the concern goes on
        given = names if isinstance(names, Iterable) and not isinstance(names, str) else (names,)
        found.extend(getattr(one, "id", one) for one in given)
    return tuple(found)
