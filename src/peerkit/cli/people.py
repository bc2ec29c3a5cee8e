# SPDX-License-Identifier: Apache-2.0
"""Who is who: a name or an id given on the command line, and names for ids that are shown."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from peerkit.cli.gathering import gathered, tell_unreadable
from peerkit.cli.speaking import label
from peerkit.errors import Malformed, NotFound, Refused
from peerkit.model.base import fold
from peerkit.model.ids import is_id
from peerkit.texts import Message, _, verbatim

if TYPE_CHECKING:
    from peerkit.kit import Kit, Session
    from peerkit.model.actor import Actor
    from peerkit.model.decision import Decision
    from peerkit.model.people import Person
    from peerkit.model.relationship import Relationship
    from peerkit.ports import ActLine


def person(s: Session, who: str) -> Person:
    """The person of an id or a name (capitals and accents aside), among those the actor may read.

    NotFound for nobody, Malformed if several have the name. Looking for a name reads persons, and
    reads are logged.
    """
    from peerkit import Person

    if is_id(who):
        return s.get(Person, who)
    people, dark = gathered(s, Person)
    found = [one for one in people if _is_called(one, who)]
    if not found:
        tell_unreadable(Person, dark)
        raise NotFound(_("nobody of that name or id is there for you"))
    if len(found) > 1:
        raise _several([one.id for one in found])
    return found[0]


def chosen(s: Session, who: str, whose: str) -> str:
    """The id of somebody whom a person (`whose`, an id) chooses: by id, by the name of who walks beside them,
    or by a name that the actor may read. Whoever walks beside somebody they know, and need not read their
    record.

    NotFound for nobody, Malformed if several have the name."""
    from peerkit import Relationship

    one = who.removeprefix("person/")
    if is_id(one):
        return one
    walking = {walk.supporter for walk in s.find(Relationship, person=whose).readable}
    found = [human for human in known(s.kit, who) if human in walking]
    return found[0] if len(found) == 1 else person(s, who).id


def names(s: Session, ids: set[str]) -> dict[str, Message]:
    """Names for the ids of people whom the actor may read; the others stay `somebody`."""
    from peerkit import Person

    shown: dict[str, Message] = {}
    for one in ids:
        if one.startswith("system:"):
            shown[one] = verbatim(f"peerkit ({one.removeprefix('system:')})")
            continue
        try:
            found = s.get(Person, one)
        except (NotFound, Refused, Malformed):
            found = None
        shown[one] = verbatim(found.name) if isinstance(found, Person) else _("somebody")
    return shown


def beside(s: Session, found: Iterable[Relationship]) -> dict[str, Message]:
    """Names of whoever is in these relationships. With whom somebody walks, or is asked to, they are told,
    though they do not read that human's record: nobody says yes to `somebody`."""
    several = list(found)
    ids = {who for one in several for who in (one.person, one.supporter, one.cover) if who}
    mine = {who for one in several if one.person == s.actor.person for who in (one.supporter, one.cover)}
    return names(s, ids) | unread(s, mine - {""})


def unread(s: Session, ids: Iterable[str]) -> dict[str, Message]:
    """Names of humans whom the actor is told, as their relationship or their choice has it, without reading
    their record. Whether they are told is for who calls this."""
    from peerkit import Person

    found = ((one, s.kit.heads.get(Person.kind, one)) for one in ids)
    return {one: verbatim(who.name) for one, who in found if isinstance(who, Person)}


def decision(
    s: Session,
    decided_by: str | None,
    how: str | None,
    *,
    evidence: str | None = None,
    witness: str | None = None,
    supported_by: str | None = None,
    on_behalf_of: str | None = None,
) -> Decision | None:
    """Somebody else's decision, as `--decided-by NAME --how HOW` give it; None for the actor's own, unless
    somebody supported them in it."""
    from peerkit import Decision
    from peerkit.model.decision import OUTSIDE

    helper = None if supported_by is None else _helper(s, supported_by)
    if decided_by is None:
        if how is not None or on_behalf_of is not None:
            raise Malformed(_("whose decision was it? --decided-by NAME"), where="--how")
        return None if helper is None else Decision.of(None, supported_by=helper)
    if how is None:
        raise Malformed(_("how was it given? --how paper, spoken or device"), where="--decided-by")
    outside = witness is not None and witness.startswith(OUTSIDE)
    heard = witness if outside or witness is None else person(s, witness)
    place = None if on_behalf_of is None else person(s, on_behalf_of)
    return Decision.of(
        person(s, decided_by),
        how=how,
        evidence=evidence,
        witness=heard,
        supported_by=helper,
        on_behalf_of=place,
    )


def _helper(s: Session, who: str) -> str:
    """The id of who helped to decide. Whoever decides may name by id also somebody whose name they may not
    read."""
    one = who.removeprefix("person/")
    if is_id(one) and s.kit.storage.get("person", one) is not None:
        return one
    return person(s, one).id


def means(act: ActLine) -> Message:
    """How a decision was given, and how strong that makes it."""
    from peerkit.model.decision import Strength

    if act.how == "spoken" and act.strength == Strength.witnessed:
        return _("spoken, with a witness")
    return label("", "how", act.how)


def when(kit: Kit, moment: datetime) -> Message:
    """An instant on the program's own clock."""
    from peerkit.texts.dates import at

    return at(moment.astimezone(ZoneInfo(kit.program.timezone)))


def today(kit: Kit) -> date:
    """The day that it is in the program's zone, by the kit's clock."""
    return kit.program.day(kit.clock.now())


def known(kit: Kit, who: str) -> list[str]:
    """The ids of all persons of this name or id, whatever the rights: for a concern, whose raiser is
    shown nothing of it, and which must not reach somebody whom it names. One whose document cannot be read
    is passed over; where nothing can be found out it is nobody, and the name stays in the words."""
    from peerkit import Person
    from peerkit.safety.reading import heads

    with suppress(Exception):
        return [one.id for one in heads(kit, Person) if one.id == who or _is_called(one, who)]
    return []


def meant(kit: Kit, actor: Actor | None, who: str) -> list[str]:
    """Of those whom `known` finds, the one whom somebody means who may see no other of that name but
    themselves; else all of them. Nothing of them is shown, so nothing is logged as read."""
    from peerkit import Person

    found = known(kit, who)
    if len(found) > 1 and actor is not None:
        with suppress(Exception):  # who cannot be told apart may each be meant
            grants = kit.grants(actor)
            allow = kit.rights.allow(Person.kind, Person.subject_fields[0], grants)
            rows = [kit.storage.get(Person.kind, one, allow=allow) for one in found if one != actor.person]
            seen = [one for one in rows if one is not None and not kit.rights.hides(one.envelope, grants)]
            if len(seen) == 1:
                return [seen[0].envelope.id]
    return found


def colleague(kit: Kit, who: str) -> str:
    """The id of somebody whom an alarm may ask, by their name or id, whatever the rights: whoever hands an
    alert on knows them, and need not read their record. NotFound for everybody else, Malformed if several
    have the name."""
    from peerkit.safety.reading import asked_in_alarms

    asked = asked_in_alarms(kit, kit.clock.now()).values()
    found = sorted(set(known(kit, who)) & {one for people in asked for one in people})
    if not found:
        raise NotFound(_("nobody of those who are asked about alarms here has this name: name one of them"))
    if len(found) > 1:
        raise _several(found)
    return found[0]


def _several(ids: list[str]) -> Malformed:
    told = _("{n} people have that name: name one by id ({ids})", n=len(ids), ids=", ".join(ids))
    return Malformed(told, where="NAME")


def _is_called(one: Person, who: str) -> bool:
    """Whether somebody has this name, as people type names: without the accents, in any capitals."""
    return one.state != "merged" and fold(one.name) == fold(who)
