# SPDX-License-Identifier: Apache-2.0
"""`peerkit history` and `peerkit inspect`: one record, from its envelope or with what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import click

from peerkit.cli import options, out, people
from peerkit.cli.app import App
from peerkit.cli.options import acting, as_json, database
from peerkit.cli.speaking import label
from peerkit.codec import Opaque
from peerkit.errors import Malformed, NotFound, Objection, PluginError, Refused
from peerkit.kit.kinds import every
from peerkit.texts import Message, _, joined, many, verbatim

if TYPE_CHECKING:
    from peerkit.kit import Kit
    from peerkit.model.actor import Actor
    from peerkit.model.base import Record
    from peerkit.ports import ActLine, Envelope


@click.command()
@click.argument("record")
@acting
@database
@as_json
@click.pass_obj
def history(app: App, record: str) -> None:
    """Tell who did what to RECORD, when, and whose decision it was, version by version.

    RECORD is an id, kind/id, or the reference of an alert. What the record says is not shown (`peerkit
    inspect` does); all the same, reading about others is logged. Where the plugin of its kind is gone, a
    coordinator or the privacy contact can still tell.
    """
    with app.kit() as kit:
        actor = app.actor(kit)
        found = which(kit, record)
        if found.cls is None:
            envelopes = _from_outside(kit, actor, found)
        else:
            with kit.session(actor) as s:
                envelopes = [(_envelope(one), _erased(one)) for one in s.history(found.cls, found.id)]
        called = _called(kit, actor, envelopes)
        if app.as_json:
            out.emit([_plain(envelope, called, erased=erased) for envelope, erased in envelopes])
            return
        _listed(kit, found, envelopes, called)


Versions = list[tuple["Envelope", bool]]
"""Envelopes, oldest first, each with whether its body was erased."""


def _called(kit: Kit, actor: Actor, envelopes: Versions) -> dict[str, Message]:
    """Names for everybody in these envelopes."""
    ids = {envelope.actor for envelope, _gone in envelopes}
    for envelope, _gone in envelopes:
        ids |= {one for act in envelope.acts for one in (act.decided_by, act.on_behalf_of)}
    with kit.session(actor) as s:
        return {"": _("somebody")} | people.names(s, ids - {""})


def _listed(kit: Kit, found: Found, envelopes: Versions, called: dict[str, Message]) -> None:
    size = many("{n} version", "{n} versions", len(envelopes))
    named = verbatim(f"{found.kind} {found.id}")
    out.line(_("{record}: {size}", record=named, size=size), style="bold")
    for envelope, erased in envelopes:
        _told(kit, envelope, called, erased=erased)
    if found.cls is None:
        out.line(_unread(kit, envelopes[-1][0]))


def _told(kit: Kit, envelope: Envelope, called: dict[str, Message], *, erased: bool) -> None:
    number = verbatim(f"{envelope.version:>3}  ")
    at = _("{when}, position {position}", when=people.when(kit, envelope.at), position=envelope.position)
    out.hanging(number, joined([at, _("(erased)") if erased else ""], "  "), label_style="bold")
    for act in envelope.acts:
        told = label(envelope.kind, "act", act.name)
        decided = _("{act}: decided by {name}", act=told, name=called[act.decided_by])
        if act.on_behalf_of:
            place = _("in the place of {name}", name=called[act.on_behalf_of])
            decided = joined([decided, place], ", ")
        if not act.decided_by.startswith("system:"):
            decided = joined([decided, people.means(act)], ", ")
        if act.decided_by != envelope.actor:
            decided = joined([decided, _recorded(envelope, called)], "; ")
        out.line(decided, indent=len(number))


def _recorded(envelope: Envelope, called: dict[str, Message]) -> Message:
    name = called[envelope.actor]
    if not envelope.role:
        return _("recorded by {name}", name=name)
    return _("recorded by {name} as {role}", name=name, role=label("", "role", envelope.role))


def _in_place(act: ActLine, called: dict[str, Message]) -> dict[str, Any]:
    if not act.on_behalf_of:
        return {}
    return {"on_behalf_of": {"id": act.on_behalf_of, "name": called[act.on_behalf_of]}}


def _plain(envelope: Envelope, called: dict[str, Message], *, erased: bool) -> dict[str, Any]:
    from peerkit.model.decision import Strength

    return {
        "version": envelope.version,
        "position": envelope.position,
        "at": envelope.at,
        "recorded_by": {"id": envelope.actor, "name": called[envelope.actor]},
        "role": envelope.role,
        "via": envelope.via,
        "module": f"{envelope.module} {envelope.module_version}".strip(),
        "erased": erased,
        "acts": [
            {
                "act": act.name,
                "decided_by": {"id": act.decided_by, "name": called[act.decided_by]},
                **_in_place(act, called),
                "how": act.how,
                "strength": Strength(act.strength).name,
            }
            for act in envelope.acts
        ],
    }


@click.command()
@click.argument("record")
@click.option("--reason", required=True, metavar="WORDS", help="Why you read it. The person can read this.")
@click.option("--at", metavar="WHEN", help="As it was: an instant (2026-11-22T09:30Z) or a feed position.")
@acting
@database
@as_json
@click.pass_obj
def inspect(app: App, record: str, reason: str, at: str | None) -> None:
    """Read RECORD, an id, kind/id or the reference of an alert, with all that it holds.

    You see what you have a right to see, no more. Who read it, when and why is written down before
    anything is shown, and the person it is about can read that; behind a broken glass, with the reason
    for which it was broken. Where the plugin of its kind is gone, a coordinator or the privacy contact
    sees that it is there, who did what to it and when.
    """
    if not reason.strip():
        raise Malformed(_("a reason has words"), where="--reason")
    with app.kit() as kit:
        actor = app.actor(kit)
        what = which(kit, record)
        if what.cls is None:
            _outside(app, kit, actor, what, reason=reason, at=at)
            return
        cls, record_id = what.cls, what.id
        grants = kit.grants(actor)
        if not kit.rights.knows(cls.kind, grants):
            sentence = _("you have no right to read {kind}", kind=cls.kind)
            raise Refused([Objection("no-right", sentence, cls.kind, record_id)])
        relation = cls.subject_fields[0] if cls.subject_fields else ""
        versions = kit.storage.history(
            cls.kind, record_id, allow=kit.rights.allow(cls.kind, relation, grants)
        )
        hidden = bool(versions) and kit.rights.hides(versions[-1].envelope, grants)
        found = [one for one in versions if not hidden and (at is None or _by(one.envelope, at))]
        if not found:
            then = _("there is no {kind} of that id for you at that time", kind=cls.kind)
            raise NotFound(then if at else _("there is no {kind} of that id for you", kind=cls.kind))
        kit.log_read(actor, cls, found[-1:], why=reason, glass=grants.glass)
        shown, envelope = kit.codec.decode(found[-1]), found[-1].envelope
        if app.as_json:
            held = _closed(what, envelope) if isinstance(shown, Opaque) else shown
            out.emit({"at": envelope.at, "position": envelope.position, "record": held})
            return
        head = _(
            "{record}, version {version} of {all}, {when}",
            record=verbatim(f"{cls.kind} {record_id}"),
            version=envelope.version,
            all=len(versions),
            when=people.when(kit, envelope.at),
        )
        out.line(head, style="bold")
        if found[-1].body is None:
            out.line(_("It was erased: what it held is gone, that it was there stays."))
            return
        if isinstance(shown, Opaque):
            newer = _(
                "A newer version of {plugin} wrote it: update that, then it can be read.",
                plugin=envelope.module,
            )
            out.line(newer)
            return
        _show(out.plain(shown))


# -- a kind that no code here knows ----------------------------------------------------------------


def _outside(app: App, kit: Kit, actor: Actor, what: Found, *, reason: str, at: str | None) -> None:
    """`inspect` where only the envelopes can be read."""
    envelopes = _from_outside(kit, actor, what, why=reason, at=at)
    called = _called(kit, actor, envelopes)
    last = envelopes[-1][0]
    if not app.as_json:
        _listed(kit, what, envelopes, called)
        return
    versions = [_plain(envelope, called, erased=erased) for envelope, erased in envelopes]
    out.emit({"at": last.at, "position": last.position, "record": _closed(what, last), "versions": versions})


def _closed(what: Found, envelope: Envelope) -> dict[str, Any]:
    """What stands in the place of a record that cannot be read here."""
    return {"kind": what.kind, "id": what.id, "version": envelope.version, "opaque": True}


def _from_outside(kit: Kit, actor: Actor, what: Found, *, why: str = "", at: str | None = None) -> Versions:
    """The envelopes of a record whose kind no code here knows, as the row `?` of the rights table allows;
    NotFound otherwise. It is logged, since nobody knows what it holds.

    Whom the kind would have hidden it from is not known either. So whoever is among its people is not told
    who acted: it may be a complaint about them.
    """
    grants = kit.grants(actor)
    allow = kit.rights.allow(Opaque.kind, "", grants)
    stored = [
        one
        for one in kit.storage.history(what.kind, what.id, allow=allow)
        if at is None or _by(one.envelope, at)
    ]
    if not stored:
        raise NotFound(_("there is no record of that id for you at that time") if at else NOTHING)
    kit.log_read(actor, Opaque, stored, why=why, glass=grants.glass)
    about_me = any(person == actor.person for one in stored for _role, person in one.envelope.subjects)
    envelopes = [(one.envelope, one.body is None) for one in stored]
    return [(_unnamed(one, but=actor.person), erased) for one, erased in envelopes] if about_me else envelopes


def _unnamed(envelope: Envelope, *, but: str) -> Envelope:
    def shown(who: str) -> str:
        return who if who == but or who.startswith("system:") else ""

    acts = tuple(
        attrs.evolve(act, decided_by=shown(act.decided_by), on_behalf_of=shown(act.on_behalf_of))
        for act in envelope.acts
    )
    return attrs.evolve(envelope, actor=shown(envelope.actor), acts=acts)


def _unread(kit: Kit, envelope: Envelope) -> Message:
    """Why nothing but the envelope is shown, and what would help."""
    made = f"{envelope.module} {envelope.module_version}".strip()
    sentence = _(
        "Plugin {plugin} made it, and is not loaded here, so what it holds cannot be shown.", plugin=made
    )
    for one in kit.plugins:
        if one.name == envelope.module and one.error:
            status = label("plugin", "status", one.status)
            why = _("{name} is {status}: {why}.", name=one.name, status=status, why=one.error)
            return joined([sentence, why])
    return sentence


def _show(document: dict[str, Any], indent: int = 0) -> None:
    for name, value in document.items():
        if value in ("", [], None, {}) or name in {"kind", "version"}:
            continue
        if isinstance(value, list) and isinstance(value[0], dict):
            for one in value:
                out.line(verbatim(name), indent=indent, style="bold")
                _show(one, indent + 2)
        else:
            shown = ", ".join(str(one) for one in value) if isinstance(value, list) else value
            out.hanging(verbatim(f"{name}  "), verbatim(shown), indent=indent)


# -- which record ----------------------------------------------------------------------------------


NOTHING = _("there is no record of that id for you")


@attrs.frozen
class Found:
    """A record that was named. `cls` is None where no code here knows its kind: its plugin is not loaded."""

    kind: str
    id: str
    cls: type[Record] | None

    def known(self) -> type[Record]:
        """The class of its kind; PluginError if its plugin is not loaded."""
        if self.cls is None:
            sentence = _(
                "the plugin that brings {kind} is not loaded here: see `peerkit plugins`", kind=self.kind
            )
            raise PluginError(sentence)
        return self.cls


def _referred(kit: Kit, reference: str) -> str:
    """The id of the alert of a reference; blank where there is none."""
    from peerkit.model.safety import Alert
    from peerkit.ports import Condition
    from peerkit.safety.reading import heads

    found = heads(kit, Alert, Condition("reference", "==", reference)) if reference else []
    return found[0].id if found else ""


def which(kit: Kit, record: str) -> Found:
    """The record of an id or of kind/id, or the alert of a reference; NotFound where there is none."""
    kind, _slash, record_id = record.rpartition("/")
    kinds = every(kit)
    if kind and kind not in kinds:
        raise Malformed(_("there is no such kind here"), where="RECORD")
    for one in [kind] if kind else kinds:
        if kit.storage.get(one, record_id) is not None:
            return Found(one, record_id, kit.codec.class_of(one))
    if kind in {"", "alert"} and (alert := _referred(kit, record_id)):
        return Found("alert", alert, kit.codec.class_of("alert"))
    raise NotFound(NOTHING)


def _by(envelope: Envelope, at: str) -> bool:
    if at.isdecimal():
        return envelope.position <= int(at)
    return envelope.at <= options.instant(at, "--at")


def _envelope(record: Record) -> Envelope:
    if record.trail is None:
        raise NotFound(_("the version has no envelope"))
    found: Envelope = record.trail.envelope
    return found


def _erased(record: Any) -> bool:
    from peerkit.codec import Opaque

    return isinstance(record, Opaque) and not record.body
