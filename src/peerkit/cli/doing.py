# SPDX-License-Identifier: Apache-2.0
"""What commands for daily work share: whose decision it was, doing one act, and telling it.

Such a command is an act with fewer keystrokes: whatever it refuses, `peerkit act` refuses too.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
import click

from peerkit.cli import out, people
from peerkit.cli.app import App
from peerkit.cli.options import HOW, acting, as_json, database
from peerkit.cli.picking import pick
from peerkit.cli.speaking import label, say, texts
from peerkit.errors import Malformed, Refused
from peerkit.model.base import Record
from peerkit.texts import Message, _, joined, verbatim

if TYPE_CHECKING:
    from peerkit.kit import Kit, Session
    from peerkit.kit.committing import Receipt
    from peerkit.model.decision import Decision

F = TypeVar("F", bound=Callable[..., Any])

LONGEST = 1_000_000
"""So many characters of people's words are read at most."""


@attrs.frozen
class Decided:
    """Whose decision it was, as the options say; the actor's own if they are left out."""

    by: str | None = attrs.field(repr=False)
    how: str | None
    evidence: str | None = attrs.field(repr=False)
    witness: str | None = attrs.field(repr=False)
    supported_by: str | None = attrs.field(repr=False)
    place: str | None = attrs.field(repr=False)

    def of(self, s: Session) -> Decision | None:
        """The decision; None for the actor's own."""
        return people.decision(
            s,
            self.by,
            self.how,
            evidence=self.evidence,
            witness=self.witness,
            supported_by=self.supported_by,
            on_behalf_of=self.place,
        )


def deciding(function: F) -> F:
    """Adds the options that say whose decision it was, which the function gets as `decided`, with those
    that every such command has."""

    @functools.wraps(function)
    def with_decision(*args: Any, **given: Any) -> Any:
        names = ("decided_by", "how", "evidence", "witness", "supported_by", "on_behalf_of")
        return function(*args, decided=Decided(*(given.pop(name) for name in names)), **given)

    for option in (
        click.option(
            "--on-behalf-of",
            metavar="NAME",
            help="In whose place they decided it, as an authority lets them.",
        ),
        click.option("--supported-by", metavar="NAME", help="Who helped them to decide, if somebody did."),
        click.option(
            "--witness",
            metavar="NAME",
            help="For spoken: who else heard it (outside:WHO for somebody the program does not know).",
        ),
        click.option("--evidence", metavar="PLACE", help="For paper: where the paper is kept."),
        click.option(
            "--how", type=click.Choice(HOW), help="How they gave it; it counts as strongly as that."
        ),
        click.option("--decided-by", metavar="NAME", help="Whose decision it was, if it was not yours."),
        acting,
        database,
        as_json,
    ):
        with_decision = option(with_decision)
    return with_decision  # type: ignore[return-value]  # the same function, with options


def step(  # noqa: PLR0917  # a command in a line
    group: click.Group,
    kind: type[Record],
    argument: str,
    name: str,
    act: str,
    states: Collection[str],
    told: str,
) -> None:
    """Add a command to a group that is one act without arguments, on the record that `argument` names."""

    @group.command(name, help=told)
    @click.argument("given", metavar=argument)
    @deciding
    @click.pass_obj
    def one(app: App, *, given: str, decided: Decided) -> None:
        do(app, kind, given, act, decided, states=states)


def do(
    app: App,
    kind: type[Record],
    given: str,
    act: str,
    decided: Decided,
    *,
    arguments: Callable[[Session, Any], Mapping[str, Any]] = lambda _s, _record: {},
    states: Collection[str] = (),
    mine: str = "person",
) -> None:
    """Record one act on the record that is meant (see `pick`), and tell it. `arguments` are worked out in
    the session."""
    with app.kit() as kit:
        with saying_how(), kit.session(app.actor(kit)) as s:
            by = decided.of(s)
            record = pick(s, kind, given, states=states, mine=mine)
            saved = s.save(getattr(record, act)(**arguments(s, record), by=by))
        told(app, saved, act, s.receipt)
        unwatched(app, kit, s, saved, act)


def make(
    app: App, decided: Decided, create: Callable[[Session, Decision | None], Record], act: str = ""
) -> None:
    """Record one act on what `create` makes of it in the session, a new record most often, and tell it; the
    first that was done to it, unless `act` says which is meant."""
    with app.kit() as kit:
        with saying_how(), kit.session(app.actor(kit)) as s:
            made = create(s, decided.of(s))
            if not act and made.trail is not None:
                act = made.trail.acts[0].name
            saved = s.save(made)
        told(app, saved, act, s.receipt)
        unwatched(app, kit, s, saved, act)


class _OnlyTriedError(Exception):
    """Leaves a session without anything being recorded."""


def tried(app: App, decided: Decided, create: Callable[[Session, Decision | None], Record]) -> None:
    """Refused, as `make` is, by what stands against what `create` makes, before anybody types anything;
    nothing is recorded."""
    with app.kit() as kit, suppress(_OnlyTriedError), kit.session(app.actor(kit)) as s, saying_how():
        s.save(create(s, decided.of(s)))
        raise _OnlyTriedError


@contextmanager
def saying_how() -> Iterator[None]:
    """Where the decision that was given is not the one that is needed, the options are named that say whose
    it was, and how it was given."""
    try:
        yield
    except Refused as error:
        codes = {one.code for one in error.objections}
        if "not-theirs" in codes:
            error.add_note(_("If they decided it themselves, say so: --decided-by NAME --how spoken."))
        if "too-weak" in codes:
            error.add_note(
                _(
                    "What counts for more than a spoken word: --how device (by their own hand, here), --how "
                    "paper with --evidence, or --how spoken with --witness NAME."
                )
            )
        raise


def unwatched(app: App, kit: Kit, s: Session, saved: Record, act: str) -> None:
    """To a person who wrote something themselves: by when somebody reads it, and whom to call meanwhile."""
    from peerkit.rules.heard import inbound

    if not app.as_json and inbound(type(saved), act) and getattr(saved, "person", "") == s.actor.person:
        for sentence in kit.unwatched(type(saved), texts().locale):
            out.line(sentence)


def told(app: App, saved: Record, act: str, receipt: Receipt | None, *, whole: bool = False) -> None:
    """What was recorded: kind, id, state; `whole`: also what the same commit wrote, and the chain's head."""
    if app.as_json:
        found = {"kind": saved.kind, "id": saved.id, "version": saved.version, "act": act}
        head = {} if receipt is None else {"position": receipt.last, "head": receipt.head}
        out.emit({**found, **head})
        return
    state = getattr(saved, "state", "")
    shown = [label(saved.kind, "state", state)] if state else []
    what = joined([verbatim(f"{saved.kind}/{saved.id}"), *shown], ", ")
    out.line(_("Recorded: {what}.", what=what), style="bold")
    if whole and receipt is not None:
        others = [
            _("{kind} {id} version {version}", kind=kind, id=record, version=version)
            for kind, record, version in receipt.records
            if record != saved.id
        ]
        out.pairs([(_("with it"), joined(others, ", ")), (_("head"), verbatim(receipt.head))], indent=2)


def words(ask: Message, *, needed: bool = True) -> str:
    """People's words, from standard input or the keyboard; never from an argument."""
    text = prompted(ask) if sys.stdin.isatty() else words_of("-", where="-")
    if needed and not text.strip():
        raise Malformed(_("the words come on standard input, and nothing came"), where="-")
    return text.strip()


def typed(file: str | None, *, ask: Message = out.NOTHING) -> str:
    """People's words, from a file, standard input or the keyboard; never from an argument."""
    if file is None:
        return prompted(ask) if ask and sys.stdin.isatty() else ""
    return words_of(file, where="--words")


def words_of(file: str, *, where: str) -> str:
    """What stands in a file, or comes from standard input."""
    try:
        text = sys.stdin.read(LONGEST + 1) if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Malformed(_("the file cannot be read: is it there, and in UTF-8?"), where=where) from None
    return text.strip()


def prompted(ask: Message) -> str:
    """What is typed at the keyboard; Enter alone gives nothing. A question has its own sign at its end."""
    said = say(ask)
    if not said.endswith("?"):
        said = say(_("{question}:", question=said))
    return str(click.prompt(said, default="", show_default=False, prompt_suffix=" "))


def means(typed: str) -> bool | None:
    """Whether what was typed is a yes or a no, as a word of the language, its first letter, or 1 and 2; None
    for anything else."""
    given = typed.strip().casefold()
    for found, number, word in ((True, "1", say(_("yes"))), (False, "2", say(_("no")))):
        if given in {number, word, word[:1]}:
            return found
    return None


def agreed(question: Message) -> bool:
    """Ask for a yes or a no at the keyboard, in the words of the language; Enter alone is a no."""
    yes, no = say(_("yes")), say(_("no"))
    ask = verbatim(f"{say(question)} [{yes[:1]}/{no[:1].upper()}]")
    while typed := prompted(ask).strip():
        found = means(typed)
        if found is not None:
            return found
        out.line(_("That is neither a yes nor a no."))
    return False


def several(asked: Mapping[str, Message], *, first: str = "") -> dict[str, str]:
    """Several texts of people, each by its name. At the keyboard each is asked for, and Enter leaves one out;
    from standard input each begins on a line of its own with its name, `helps: …`, and ends with the next.
    What stands before any name is the text called `first`."""
    if sys.stdin.isatty():
        given = {name: prompted(ask) for name, ask in asked.items()}
        return {name: text.strip() for name, text in given.items() if text.strip()}
    found: dict[str, list[str]] = {}
    lines = found.setdefault(first, []) if first else None
    for line in words_of("-", where="-").splitlines():
        head, colon, rest = line.partition(":")
        name = "_".join(head.casefold().replace("-", " ").replace("_", " ").split())
        if colon and name in asked:
            lines = found.setdefault(name, [])
            lines.append(rest.strip())
        elif lines is not None:
            lines.append(line)
        elif line.strip():
            told = _(
                "each text begins on a line of its own with its name and a colon: {names}",
                names=", ".join(asked),
            )
            raise Malformed(told, where="-")
    return {name: "\n".join(held).strip() for name, held in found.items() if held}


def sure(question: Message, *, yes: bool) -> None:
    """Ask once more at a terminal; where nobody can be asked, `yes` must have been said."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(_("Nobody can be asked here: say --yes."))
    if not agreed(question):
        raise click.Abort


def listing(function: F) -> F:
    """The options of a command that lists."""
    for option in (acting, database, as_json):
        function = option(function)
    return function
