# SPDX-License-Identifier: Apache-2.0
"""`peerkit history` and `peerkit inspect`: one record, from its envelope or with what it holds."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import out, people
from peerkit.cli.app import App
from peerkit.cli.options import acting, as_json, database
from peerkit.errors import Malformed, NotFound, Objection, Refused

if TYPE_CHECKING:
    from peerkit.kit import Kit
    from peerkit.model.base import Record
    from peerkit.ports import Envelope


@click.command()
@click.argument("record")
@acting
@database
@as_json
@click.pass_obj
def history(app: App, record: str) -> None:
    """Tell who did what to RECORD, when, and whose decision it was, version by version.

    RECORD is an id, or kind/id. What the record says is not shown (`peerkit inspect` does); all the
    same, reading about others is logged.
    """
    with app.kit() as kit:
        actor = app.actor(kit)
        cls, record_id = which(kit, record)
        with kit.session(actor) as s:
            versions = s.history(cls, record_id)
            envelopes = [(_envelope(one), _erased(one)) for one in versions]
            ids = {envelope.actor for envelope, _ in envelopes}
            ids |= {act.decided_by for envelope, _ in envelopes for act in envelope.acts}
            called = people.names(s, ids)
        if app.as_json:
            out.emit([_plain(envelope, called, erased=erased) for envelope, erased in envelopes])
            return
        many = f"{len(envelopes)} version{'' if len(envelopes) == 1 else 's'}"
        out.line(f"{cls.kind} {record_id}: {many}", style="bold")
        for envelope, erased in envelopes:
            _told(kit, envelope, called, erased=erased)


def _told(kit: Kit, envelope: Envelope, called: dict[str, str], *, erased: bool) -> None:
    gone = "  (erased)" if erased else ""
    label = f"{envelope.version:>3}  "
    out.hanging(
        label, f"{people.when(kit, envelope.at)}, position {envelope.position}{gone}", label_style="bold"
    )
    for act in envelope.acts:
        sentence = f"{act.name}: decided by {called[act.decided_by]}"
        if not act.decided_by.startswith("system:"):
            sentence += f", {people.means(act)}"
        if act.decided_by != envelope.actor:
            sentence += f"; recorded by {called[envelope.actor]}"
            sentence += f" as {envelope.role}" if envelope.role else ""
        out.line(sentence, indent=len(label))


def _plain(envelope: Envelope, called: dict[str, str], *, erased: bool) -> dict[str, Any]:
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
    """Read RECORD, an id or kind/id, with all that it holds.

    You see what you have a right to see, no more. Who read it, when and why is written down before
    anything is shown, and the person it is about can read that.
    """
    if not reason.strip():
        raise Malformed("a reason has words", where="--reason")
    with app.kit() as kit:
        actor = app.actor(kit)
        cls, record_id = which(kit, record)
        grants = kit.grants(actor)
        if not kit.rights.knows(cls.kind, grants):
            raise Refused(
                [Objection("no-right", f"you have no right to read {cls.kind}", cls.kind, record_id)]
            )
        relation = cls.subject_fields[0] if cls.subject_fields else ""
        versions = kit.storage.history(
            cls.kind, record_id, allow=kit.rights.allow(cls.kind, relation, grants)
        )
        hidden = bool(versions) and kit.rights.hides(versions[-1].envelope, grants)
        found = [one for one in versions if not hidden and (at is None or _by(one.envelope, at))]
        if not found:
            raise NotFound(f"there is no {cls.kind} of that id for you" + (" at that time" if at else ""))
        kit.log_read(actor, cls, found[-1:], why=reason)
        shown = kit.codec.decode(found[-1])
        if app.as_json:
            out.emit({"at": found[-1].envelope.at, "position": found[-1].envelope.position, "record": shown})
            return
        envelope = found[-1].envelope
        label = f"{cls.kind} {record_id}, version {envelope.version} of {len(versions)}"
        out.line(f"{label}, {people.when(kit, envelope.at)}", style="bold")
        if found[-1].body is None:
            out.line("It was erased: what it held is gone, that it was there stays.")
            return
        _show(out.plain(shown))


def _show(document: dict[str, Any], indent: int = 0) -> None:
    for name, value in document.items():
        if value in ("", [], None, {}) or name in {"kind", "version"}:
            continue
        if isinstance(value, list) and isinstance(value[0], dict):
            for one in value:
                out.line(name, indent=indent, style="bold")
                _show(one, indent + 2)
        else:
            shown = ", ".join(str(one) for one in value) if isinstance(value, list) else value
            out.hanging(" " * indent + f"{name}  ", shown)


# -- which record ----------------------------------------------------------------------------------


def which(kit: Kit, record: str) -> tuple[type[Record], str]:
    """The kind and id that were given; NotFound where there is nothing of that id."""
    kind, _, record_id = record.rpartition("/")
    kinds = [kind] if kind else kit_kinds(kit)
    for one in kinds:
        cls = kit.codec.class_of(one)
        if cls is None and kind:
            raise Malformed("there is no such kind here", where="RECORD")
        if cls is not None and kit.storage.get(one, record_id) is not None:
            return cls, record_id
    raise NotFound("there is no record of that id for you")


def kit_kinds(kit: Kit) -> list[str]:
    """The names of all kinds of this kit."""
    from peerkit.kinds import PLACES

    return [*PLACES, *kit.plugin_kinds]


def _by(envelope: Envelope, at: str) -> bool:
    if at.isdigit():
        return envelope.position <= int(at)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise Malformed(
            "WHEN is an instant such as 2026-11-22T09:30Z, or a feed position", where="--at"
        ) from None
    if moment.tzinfo is None:
        raise Malformed("the instant needs its offset, such as Z or -05:00", where="--at")
    return envelope.at <= moment


def _envelope(record: Record) -> Envelope:
    if record.trail is None:
        raise NotFound("the version has no envelope")
    found: Envelope = record.trail.envelope
    return found


def _erased(record: Any) -> bool:
    from peerkit.codec import Opaque

    return isinstance(record, Opaque) and not record.body
