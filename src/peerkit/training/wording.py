# SPDX-License-Identifier: Apache-2.0
"""What letters and certificates say, in one place."""

from __future__ import annotations

from datetime import date

from peerkit.model.credential import Credential
from peerkit.texts import Message, _, many
from peerkit.texts.dates import full_day
from peerkit.texts.labels import label

HOURS_TITLE = _("Letter of hours")
CERTIFICATE_TITLE = _("Certificate")


def hours(program: str, name: str, minutes: int, *, first: date, last: date) -> tuple[Message, ...]:
    """The sentences of a letter of hours."""
    return (
        _(
            "{program} confirms that {name} did {time} of peer support work with it, from {first} to {last}.",
            program=program,
            name=name,
            time=duration(minutes),
            first=full_day(first),
            last=full_day(last),
        ),
        _("Each entry was confirmed by a mentor, a supervisor or a coordinator of the program."),
    )


def held(program: str, name: str, one: Credential) -> tuple[Message, ...]:
    """The sentences of a certificate; of a check, that it was done."""
    what = f"{one.what} ({one.level})" if one.level else one.what
    said = {"program": program, "name": name, "what": what, "body": one.issued_by}
    since = full_day(one.since)
    lines = [
        _(
            "{program} confirms that for {name} this check was done: {what}, by {body}, {day}.",
            **said,
            day=since,
        )
        if one.sort == "check"
        else _("{program} confirms that {name} holds: {what}, issued by {body}, {day}.", **said, day=since)
    ]
    if one.until is not None:
        lines.append(_("It holds until {day}.", day=full_day(one.until)))
    if one.number:
        lines.append(_("Its number is {number}.", number=one.number))
    return tuple(lines)


def closing(program: str, on: date, sha256: str) -> tuple[Message, ...]:
    """How it ends: who gave it out, and how to ask whether it still holds."""
    return (
        _("Issued by {program}, {day}.", program=program, day=full_day(on)),
        _(
            "To ask whether this still agrees with the records, give the program this: {sha256}",
            sha256=sha256,
        ),
    )


def work(code: str) -> Message:
    """A kind of work as a person reads it."""
    return label("practicum", "work", code)


def duration(minutes: int) -> Message:
    """Minutes as hours and minutes."""
    full, rest = divmod(minutes, 60)
    hours = many("{n} hour", "{n} hours", full)
    left = many("{n} minute", "{n} minutes", rest)
    if not rest:
        return hours
    return _("{hours} and {minutes}", hours=hours, minutes=left) if full else left
