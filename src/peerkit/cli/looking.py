# SPDX-License-Identifier: Apache-2.0
"""What a screen holds and what an alert is about, in words, for whoever must look."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import attrs
import click

from peerkit.cli import crediting, out, people, steps
from peerkit.cli.speaking import label, language_named, say, texts
from peerkit.errors import NotFound, Objection, PeerkitError, Refused
from peerkit.instruments.answers import DECLINED, Kind, State
from peerkit.instruments.definition import label_key
from peerkit.instruments.handover import HANDOVER
from peerkit.levels import Level
from peerkit.texts import Message, _, joined, verbatim
from peerkit.texts.dates import weekly

if TYPE_CHECKING:
    from collections.abc import Iterable

    from peerkit.instruments import Instrument
    from peerkit.instruments.definition import TextSet
    from peerkit.kit import Kit, Session
    from peerkit.model.actor import Actor
    from peerkit.model.safety import Alert
    from peerkit.safety.looking import Look, Said, Spoke

REASON = "WORDS"
NOBODY = _("somebody the program does not know")


def command(alert: Alert) -> Message:
    """The command that shows where an alert comes from."""
    if alert.screen:
        return verbatim(f"peerkit screens show {alert.reference}")
    return verbatim(f"peerkit inspect concern/{alert.concern} --reason {REASON}")


def not_closed(kit: Kit, actor: Actor, alert: str, act: str, *, beside: bool = False) -> None:
    """Refused with when an alert was closed, if it is. Who may not know of it hears what the lane says.
    `beside`: the author may note what they did."""
    from peerkit.safety.entitled import drill_of, mine

    if drill_of(kit, alert) is not None:
        return
    found = mine(kit, actor, alert, act, beside=beside)
    stored = kit.storage.get(found.kind, found.id)
    if found.state == "closed" and stored is not None:
        told = _(
            "this alert was closed on {when}: nothing is to be done about it any more. Whatever worries you "
            "now is a concern of its own: {command}",
            when=people.when(kit, stored.envelope.at),
            command=verbatim("peerkit concern"),
        )
        raise Refused([Objection("lifecycle", told, found.kind, found.id)])


def passed_over(rungs: Iterable[str]) -> Message:
    """The rungs that were passed over, each with why."""
    told = []
    for one in rungs:
        role, _sign, why = one.partition(":")
        told.append(_("{role} ({why})", role=label("", "role", role), why=label("alert", "skipped", why)))
    return joined(told, ", ")


# -- a screen ----------------------------------------------------------------------------------------


def shown(kit: Kit, s: Session, look: Look) -> None:
    """A screen on the terminal."""
    screen, instrument = look.screen, look.instrument
    called = people.names(s, {one for one in (screen.person, screen.holder) if one})
    title = verbatim(f"{screen.instrument} {screen.edition}".strip())
    if instrument is not None:
        title = verbatim(f"{instrument.title} ({instrument.id} {instrument.version})")
    out.line(title, style="bold")
    alert, wording = look.alert, _wording(instrument)
    holder = (alert and _colleague(s, alert, screen.holder)) or called.get(screen.holder)
    out.pairs(
        [
            (_("about"), called.get(screen.person, NOBODY)),
            (_("asked by"), _("nobody: they answered alone") if _alone(look) else holder),
            (_("asked in"), language_named(screen.language) if screen.language else None),
            (_("when"), people.when(kit, look.begun)),
            (_("state"), label("risk_screen", "state", screen.state)),
            (_("alert"), None if alert is None else verbatim(alert.reference)),
            *crediting.credits_of(wording),
        ],
        indent=2,
    )
    click.echo()
    if instrument is None:
        out.line(GONE, style="bold")
    if not look.said:
        out.line(_("Nothing was answered."))
    for one in look.said:
        asked = _given(one.asked) if instrument is None else _asked(one, wording)
        out.hanging(verbatim(f"{_key(one)}  "), asked, style="bold")
        out.line(answered(one, wording), indent=4)
    if look.spoke:
        out.title(_("Which rules spoke"))
        for spoken in look.spoke:
            out.line(ruled(spoken), indent=2)
    click.echo()
    out.line(HANDOVER[look.level], style="bold" if look.level > Level.NONE else "")


GONE = _(
    "This questionnaire is not here: bring back the plugin, the pack or the file that had it, and it is read "
    "as before. Until then each answer stands as it was given."
)
"""Of a screen whose questions nobody here knows any more."""


def _alone(look: Look) -> bool:
    return bool(look.screen.person) and look.screen.person == look.screen.holder


def plain(look: Look) -> dict[str, Any]:
    """A screen as JSON has it."""
    wording = _wording(look.instrument)
    return {
        "screen": look.screen,
        "alert": None if look.alert is None else look.alert.reference,
        "level": str(look.level),
        "handover": say(HANDOVER[look.level]),
        "wording": crediting.plain(wording),
        "rules": [{"id": one.rule, "level": str(one.level), "why": say(one.why)} for one in look.spoke],
        "answers": [
            {
                "number": one.number,
                "item": None if one.item is None else one.item.id,
                "question": say(_asked(one, wording)),
                "state": str(one.state),
                "value": one.value,
                "answer": say(answered(one, wording)),
            }
            for one in look.said
        ],
    }


def ruled(one: Spoke) -> Message:
    """A rule that spoke, in words, and its id."""
    return _("{level}: {why} ({rule})", level=label("", "level", str(one.level)), why=one.why, rule=one.rule)


def _wording(instrument: Instrument | None) -> TextSet | None:
    """In the language of this call where there is verified wording in it, else in the first that there is."""
    if instrument is None:
        return None
    for language in (texts().locale, *instrument.languages):
        with suppress(NotFound):
            found: TextSet = instrument.wording(language)
            return found
    return None


def _key(one: Said) -> str:
    return one.item.id if one.item is not None else str(one.number)


def _asked(one: Said, wording: TextSet | None) -> Message:
    if one.item is None:
        return _("no question of this questionnaire: {asked}", asked=_given(one.asked))
    words = wording.items.get(one.item.id) if wording is not None else None
    return verbatim(words) if words else _("(no verified wording)")


def answered(one: Said, wording: TextSet | None) -> Message:
    """An answer as it reads on the form."""
    if one.item is None:
        return _declined(one) or _given(one.value)
    if one.state is State.SKIPPED:
        return _("skipped")
    if one.state is State.DECLINED:
        return _("declined to answer")
    if one.state is State.UNREADABLE:
        return _("cannot be read as an answer: {given}", given=_given(one.value))
    option = one.item.answers.option(one.value)
    value = one.value if option is None else option.value
    labels = wording.answers.get(one.item.answers.id, {}) if wording is not None else {}
    if words := labels.get(label_key(value)):
        return verbatim(words)
    if one.item.answers.kind is Kind.YES_NO:
        return _("yes") if value else _("no")
    return verbatim(value)


def _declined(one: Said) -> Message | None:
    if one.value is None:
        return _("skipped")
    return _("declined to answer") if one.value == DECLINED else None


def _given(value: Any) -> Message:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _("nothing") if value is None else verbatim(value)


# -- an alert ----------------------------------------------------------------------------------------


def _may_see(kit: Kit, s: Session, alert: Alert) -> bool:
    """Whether what the alert comes from is theirs to read. Only the rights are asked: nothing is read."""
    kind, relation, one = ("concern", "about", alert.concern)
    if alert.screen:
        kind, relation, one = ("risk_screen", "person", alert.screen)
    grants = kit.grants(s.actor)
    stored = kit.storage.get(kind, one, allow=kit.rights.allow(kind, relation, grants)) if one else None
    return stored is not None and not kit.rights.hides(stored.envelope, grants)


def tell(kit: Kit, s: Session, alert: Alert) -> None:
    """What whoever took an alert needs at once: about whom, how to reach them, what it comes from, what to do
    now and whom to call. It costs the taking nothing: what cannot be read is left out."""
    with suppress(PeerkitError):
        late = (_("took place"), found_late(kit, alert))
        because = (_("because of"), _because(s, alert))
        out.pairs([*_whom(s, alert), *_raised_by(s, alert), because, late], indent=2)
    with suppress(PeerkitError):
        known = kit.net.fresh(kit).steps(Level(alert.level), reached=False, on_call=True)
        for line in steps.lines(attrs.evolve(known, told="")):
            out.line(line, indent=2)
    with suppress(PeerkitError):
        if _may_see(kit, s, alert):
            out.line(_("Where it comes from: {command}", command=command(alert)))
    if (shut := unread(kit, s, alert)) is not None:
        out.line(shut, style="bold")


def unread(kit: Kit, s: Session, alert: Alert) -> Message | None:
    """What whoever is asked about an alert, or has it in hand, is told where they may not read what it comes
    from: they help without, or it goes on. It does not say why."""
    if s.actor.person not in {*alert.asked, alert.holder, alert.offered}:
        return None
    with suppress(PeerkitError):
        if _may_see(kit, s, alert):
            return None
    return _(
        "You may not read its words. If you cannot help without them, say that you cannot come, and it goes "
        "on to the next: {command}",
        command=f"peerkit ack {alert.reference} --cannot",
    )


def _whom(s: Session, alert: Alert) -> list[tuple[Message, Message | None]]:
    from peerkit import Person

    if not alert.person:
        return [(_("about"), NOBODY), *asked_by(s, alert)]
    try:
        who = s.get(Person, alert.person)
    except PeerkitError:
        return [(_("about"), _("somebody")), (_("person"), verbatim(f"person/{alert.person}"))]
    reach = ", ".join(one for one in who.reach if one.partition(":")[0] not in who.not_by)
    return [
        (_("about"), verbatim(who.name)),
        (_("reach them"), verbatim(reach) if reach else _("nobody wrote down how")),
        (_("not by"), verbatim(", ".join(who.not_by))),
        (_("safe hours"), weekly(who.hours)),
        (_("take care"), _("somebody else may read their device") if who.watched else None),
        *asked_by(s, alert),
    ]


def _raised_by(s: Session, alert: Alert) -> list[tuple[Message, Message | None]]:
    """Who voiced the concern of an alert, where that is somebody else and the reader may know it: nobody
    else may know about whom it is."""
    from peerkit import Concern

    with suppress(PeerkitError):
        author = s.get(Concern, alert.concern).author if alert.concern else ""
        if author and author != alert.person:
            return [(_("raised by"), people.names(s, {author})[author]), *_by_id(s, author)]
    return []


def _by_id(s: Session, author: str) -> list[tuple[Message, Message | None]]:
    from peerkit import Person

    with suppress(PeerkitError):
        s.get(Person, author)
        return []
    return [(_("person"), verbatim(f"person/{author}"))]


def asked_by(s: Session, alert: Alert) -> list[tuple[Message, Message | None]]:
    """Who held the screen of an alert, where that is somebody else: they may sit with the person now."""
    from peerkit import RiskScreen

    with suppress(PeerkitError):
        holder = s.get(RiskScreen, alert.screen).holder if alert.screen else ""
        if holder and holder != alert.person:
            who = _colleague(s, alert, holder) or people.names(s, {holder})[holder]
            return [(_("asked by"), who)]
    return []


def found_late(kit: Kit, alert: Alert) -> Message | None:
    """That an alert was found late, and when that took place of which it speaks. A time tells nothing of what
    was answered."""
    from peerkit.safety.looking import took_place

    if not alert.found_late:
        return None
    with suppress(PeerkitError):
        if (at := took_place(kit, alert)) is not None:
            return _("{when}, and was found late", when=people.when(kit, at))
    return _("earlier, nobody knows when, and was found late")


def _colleague(s: Session, alert: Alert, human: str) -> Message | None:
    """Somebody who works here, by name and address, for whoever has the alert in hand."""
    from peerkit.safety.looking import colleague

    if (found := colleague(s, alert, human)) is None:
        return None
    reach = ", ".join(found.reach)
    return verbatim(f"{found.name} ({reach})" if reach else found.name)


def module_of(kit: Kit, alert: Alert) -> Message | None:
    """The module that raised the alert's concern. Its name tells nothing of anybody."""
    from peerkit import Concern
    from peerkit.safety.reading import get

    held = get(kit, Concern, alert.concern)
    return verbatim(held.plugin) if held is not None and held.plugin else None


def _because(s: Session, alert: Alert) -> Message:
    if alert.concern:
        module = module_of(s.kit, alert)
        return _("a concern that somebody raised") if module is None else _("the module {name}", name=module)
    from peerkit.safety.looking import look

    with suppress(PeerkitError):
        return joined([ruled(one) for one in look(s, alert.screen).spoke], "\n")
    return _("a screen that cannot be read here")
