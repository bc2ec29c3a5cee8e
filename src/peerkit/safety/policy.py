# SPDX-License-Identifier: Apache-2.0
"""What anybody may read before anything is asked: who is told of what, how fast, whom to call, which duties
others have, and what is never done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from peerkit.errors import Malformed
from peerkit.levels import Level
from peerkit.model.base import Record
from peerkit.model.program import Duty, Line, Program
from peerkit.safety.asking import DECLINE, NEVER, TELLS, THOUGHTS, fast
from peerkit.safety.next_steps import ON_CALL, in_force, line_said, warm_lines
from peerkit.safety.standing import anybody
from peerkit.texts import Message, _, for_locale
from peerkit.texts.dates import weekly

if TYPE_CHECKING:
    from peerkit.kit import Kit

UNWATCHED = {
    True: _("Somebody of the program is asked to read this within a day. Until then nobody watches it."),
    False: _("Nobody is asked to read this, and nobody watches it."),
}
"""Whether somebody is asked to read what a person writes there."""

CANNOT_WAIT = _("If it cannot wait, raise a concern, or call or write to one of these now.")

DECLINING = _("Where declining tells somebody as well, that is said before the first question.")


@attrs.frozen(kw_only=True)
class SafetyPolicy:
    """What a program does when somebody may be in danger, as its settings have it now.

    `on_call` says whether somebody of the program can be asked at this instant (None: nobody knows),
    `uncovered` in which hours nobody is there. `call` are the lines for an alarm, `warm` those for talking,
    `duties` what the law asks of whoever is there. `policy` is in the program's own words, as it wrote them;
    the rest is said in `language`.
    """

    program: Program = attrs.field(repr=False)
    on_call: bool | None
    language: str
    call: tuple[Line, ...]
    warm: tuple[Line, ...]
    duties: tuple[Duty, ...]

    @property
    def policy(self) -> str:
        """The program's own words."""
        return self.program.policy

    @property
    def uncovered(self) -> str:
        """The hours that nobody covers; empty: none."""
        return self.program.uncovered

    @property
    def sentences(self) -> tuple[Message, ...]:
        """All of it as sentences."""
        say = for_locale(self.language)
        said: list[str] = [TELLS[Level.TALK], TELLS[Level.TODAY], TELLS[Level.NOW], fast(self.program)]
        said.append(ON_CALL[self.on_call])
        if self.uncovered:
            said.append(_("Hours in which nobody is there: {hours}.", hours=weekly(self.uncovered)))
        said += [DECLINE, DECLINING, THOUGHTS, NEVER, self.policy]
        said += [line_said(attrs.evolve(one, name=say(one.name))) for one in self.call]
        said += [
            _(
                "For talking, not for emergencies: {line}",
                line=line_said(attrs.evolve(one, name=say(one.name))),
            )
            for one in self.warm
        ]
        said += [
            _("What the law asks of whoever is there with you: {words}", words=say(one.words))
            for one in self.duties
        ]
        return tuple(say(one) for one in said if one)

    def in_language(self, locale: str) -> SafetyPolicy:
        """The same, said in another language: `kit.safety_policy().in_language("fr")`."""
        return attrs.evolve(self, language=for_locale(locale).locale)

    def __str__(self) -> str:
        return "\n".join(self.sentences)


def unwatched(kit: Kit, kind: str | type[Record], *languages: str) -> tuple[Message, ...]:
    """See `Kit.unwatched`."""
    from peerkit.rules.heard import inbound

    cls = kit.codec.class_of(kind) if isinstance(kind, str) else kind
    if cls is None or cls.lane or cls.kit_only:
        told = "where a person writes is a kind of record outside the safety lane, which speaks for itself"
        raise Malformed(told, where="unwatched.kind")
    say = for_locale(*languages, *kit.program.languages)
    lines = (line_said(attrs.evolve(one, name=say(one.name))) for one in in_force(kit.program)[0])
    return tuple(say(one) for one in (UNWATCHED[inbound(cls)], CANNOT_WAIT, *lines))


def safety_policy(kit: Kit) -> SafetyPolicy:
    """See `Kit.safety_policy`."""
    program = kit.program
    lines, duties = in_force(program)
    return SafetyPolicy(
        program=program,
        on_call=anybody(kit),
        language=for_locale(*program.languages).locale,
        call=lines,
        warm=warm_lines(program),
        duties=duties,
    )
