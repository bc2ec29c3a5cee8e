# SPDX-License-Identifier: Apache-2.0
"""A concern at a keyboard: read the words, store it, tell what to do now; if that fails, whom to call."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from peerkit.cli import doing, exits, options, out, people, steps, streams
from peerkit.cli.app import App
from peerkit.cli.speaking import say
from peerkit.errors import Malformed, PeerkitError, StorageError, UnsavedScreen
from peerkit.model.base import fold
from peerkit.texts import Message, _, joined

if TYPE_CHECKING:
    from peerkit.kit import Kit
    from peerkit.model.actor import Actor
    from peerkit.safety import NextSteps


class Voice(click.Command):
    """A command that cannot end without the lines to call, also where it is called in a wrong way."""

    def make_context(self, *args: Any, **details: Any) -> click.Context:
        """As click does; a wrong option, or no database, is something that could not be stored."""
        try:
            return super().make_context(*args, **details)
        except click.UsageError as error:
            if details.get("resilient_parsing"):
                raise
            raise UnsavedScreen(error.format_message(), without_a_program()) from None


def voice(
    app: App,
    *,
    about: str | None = None,
    names: Sequence[str] = (),
    first: str | None = None,
    words: str | None = None,
    today: bool = False,
    ask: Message | None = None,
    occurred: str | None = None,
) -> None:
    """Raise a concern about whoever has the name `about`, or nobody by name, and print what to do now. Of
    several who have it, whom the actor alone may see is meant; else it is about none of them for sure, and
    kept from each.

    The words come from the file `words`, else from standard input, or the keyboard (`ask` is the question
    there). `names` work here and are meant: they are not told. `first` is told before the others. With
    `today` it can wait until somebody looks today. `occurred` is when it took place, as it was typed: what
    cannot be read as a time that was stays in the words. Nothing that is printed shows whether a name was
    found.
    The command (a `Voice`) ends with 6 if it could not be stored, or nobody could be told yet.
    """
    who = _Who(about, tuple(names), first, occurred)
    asked = _("What worries you?") if ask is None else ask
    next_steps = _stored(app, who, words, asked, level="today" if today else "now")
    with streams.heard():
        out.emit(next_steps) if app.as_json else what_now(next_steps)
    if not next_steps.reached:
        click.get_current_context().exit(exits.ALARM)


@streams.heard()
def what_now(next_steps: NextSteps) -> None:
    """Print whether somebody is being told of an alarm, its reference, and what to do now. A command that
    raised one ends with 6 where nobody could be told yet (`next_steps.reached`)."""
    told = _("Somebody is being told.") if next_steps.reached else _("NOBODY HAS BEEN TOLD YET.")
    style = "bold" if next_steps.reached else "bold red"
    reference = _("Its reference: {reference}", reference=next_steps.reference)
    out.line(joined([_("The alarm is stored."), told, reference]), style=style)
    for line in steps.lines(next_steps):
        out.line(line)


@attrs.frozen
class _Who:
    """Of whom a concern speaks, whom it is to reach first, and when it took place, as they were typed."""

    about: str | None
    names: tuple[str, ...]
    first: str | None
    occurred: str | None = None


def _stored(app: App, who: _Who, words: str | None, ask: Message, *, level: str) -> NextSteps:
    """The next steps; whatever went wrong, `UnsavedScreen` with the lines of the program, or those that ship
    where there is none."""
    known: list[Kit] = []
    try:
        with app.kit() as kit:
            known.append(kit)
            who = _of_oneself(app, kit, who)
            return _voiced(app, kit, _said(words, ask), who, level=level)
    except (UnsavedScreen, click.Abort):
        raise
    except Exception as error:  # noqa: BLE001  # what to do is needed all the more
        why: str = _("this concern could not be stored ({why}). Nobody was told", why=type(error).__name__)
        if isinstance(error, PeerkitError):
            why = getattr(error, "sentence", error.args[0] if error.args else "")
        elif isinstance(error, click.ClickException):
            why = error.message
        raise UnsavedScreen(why, _from_memory(known) or without_a_program()) from None


ME = _("me")
"""In the place of a name: whoever raises it."""


def _of_oneself(app: App, kit: Kit, who: _Who) -> _Who:
    """About whoever raises it, if they say `me`, or say so when they are asked. Whoever has a role here
    mostly speaks of somebody else, and is not asked."""
    try:
        actor = app.actor_or_none(kit)
        mine = set() if actor is None else {*kit.grants(actor).roles} - {"person", "anyone"}
        named = bool(who.about) and fold(who.about or "") in {"me", fold(say(ME))}
        named = named and not people.known(kit, who.about or "")
    except Exception:  # noqa: BLE001  # who raises it may stay unknown: that holds up nothing
        return who
    if actor is None:
        return who
    ask = who.about is None and not mine and sys.stdin.isatty() and not app.as_json
    if named or (ask and doing.agreed(_("Is it about yourself?"))):
        return attrs.evolve(who, about=actor.person)
    return who


def _voiced(app: App, kit: Kit, said: str, who: _Who, *, level: str) -> NextSteps:
    actor: Actor | None = None
    with suppress(Exception):  # who raises it may stay unknown: that holds up nothing
        actor = app.actor_or_none(kit)
    matched = people.meant(kit, actor, who.about) if who.about else []
    first = people.known(kit, who.first) if who.first else []
    named = [(one, people.known(kit, one)) for one in who.names]
    # A name that is not found, or that several have, is not lost: it stays in the words. Nothing shows
    # whether it was found.
    loose = [f"(about: {who.about})"] if who.about and len(matched) != 1 else []
    loose += [f"(first: {who.first})"] if who.first and len(first) != 1 else []
    loose += [f"(named: {one})" for one, found in named if not found]
    at: datetime | None = None
    with suppress(Exception):
        at = options.took_place(kit, who.occurred) if who.occurred else None
    loose += [f"(occurred: {who.occurred})"] if who.occurred and at is None else []
    steps: NextSteps = kit.concern(
        "\n".join([said, *loose]),
        about=matched or None,
        by=actor.person if actor is not None else None,
        actor=actor,
        names=[one for _name, found in named for one in found],
        first=first[0] if len(first) == 1 else None,
        level=level,
        occurred=at,
    )
    return steps


def _from_memory(known: list[Kit]) -> NextSteps | None:
    from peerkit.levels import Level

    with suppress(Exception):
        return known[0].net.unsaved(known[0].clock.now(), Level.NOW)
    return None


def without_a_program() -> NextSteps:
    """What to do now and whom to call, where no program could be asked."""
    from peerkit.levels import Level
    from peerkit.safety.next_steps import Known

    return Known().steps(Level.NOW, saved=False)


@contextmanager
def whom_to_call() -> Iterator[None]:
    """Where the program cannot be read, whoever wanted to know whom to call hears of the lines that ship."""
    from peerkit.safety.next_steps import in_force, line_said

    try:
        yield
    except StorageError as error:
        error.add_note(_("Whom to call all the same:"))
        for line in in_force(None)[0]:
            error.add_note(line_said(line))
        raise


def _said(file: str | None, ask: Message) -> str:
    """What worries somebody, whatever its bytes: what is no UTF-8 is kept, and the lane stores it escaped."""
    if file is None and sys.stdin.isatty():
        return doing.typed(None, ask=ask)
    try:
        if file is None or file == "-":
            given: bytes = sys.stdin.buffer.read(doing.LONGEST)
        else:
            with Path(file).open("rb") as opened:
                given = opened.read(doing.LONGEST)
    except OSError:
        sentence = _("the words could not be read: is the file there? Nobody was told")
        raise Malformed(sentence, where="--words") from None
    return given.decode("utf-8", errors="surrogateescape").strip()
