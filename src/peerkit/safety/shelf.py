# SPDX-License-Identifier: Apache-2.0
"""Every questionnaire that a program can ask with, in one place: peerkit's, its plugins', its own.

A definition is read when it is first asked for. What cannot be read is left out and named (`faults`): one
file that is wrong stands in the way of no other, least of all of one that peerkit ships.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Self, TypeVar

import attrs

from peerkit.errors import Malformed, NotFound
from peerkit.instruments import Instrument, installed, load, parse
from peerkit.instruments.definition import number
from peerkit.instruments.table import listed, near
from peerkit.levels import Level
from peerkit.model.base import Record
from peerkit.model.program import Program
from peerkit.model.questionnaire import Questionnaire
from peerkit.rules.questionnaires import fitted, read
from peerkit.safety.settings import raises, receivers
from peerkit.texts import Message, _
from peerkit.texts.refusals import explained

T = TypeVar("T")
OWN, SHIPPED = "program", "peerkit"
"""Where a definition is from, beside the name of a plugin."""

ON, OFF, REPLACED, WITHDRAWN, UNREADABLE = "on", "off", "replaced", "withdrawn", "unreadable"

RAISED, RECEIVES = "raised-unreadable", "receives-unreadable"
"""What is odd about an instrument where these settings cannot be read."""

KEEPER = "coordinator"
"""Who is asked where who receives it cannot be read."""


@attrs.frozen
class Held:
    """A definition as it was read, before the program's settings: where it is from, and whether the program
    withdrew it."""

    instrument: Instrument
    origin: str
    withdrawn: bool = False


@attrs.frozen(kw_only=True)
class InstrumentLine:
    """A questionnaire as `kit.instruments()` lists it.

    `state` is `on`; `off`, where it belongs to a `pack` and the program's `receives` names nobody for it;
    `replaced` by another version, which new screens begin with; `withdrawn`; or `unreadable`, with `why`.
    `receiver` is the office that receives what it finds, empty where nobody does. `origin` is `peerkit`,
    `program`, or a plugin's name; `record` the id of the program's own `Questionnaire`. `languages` are those
    with verified wording: without any it can be used by who holds the form on paper. `instrument` is None
    where it cannot be read.
    """

    id: str
    version: str
    state: str
    title: str = ""
    pack: str = ""
    receiver: str = ""
    languages: tuple[str, ...] = ()
    origin: str = SHIPPED
    record: str = ""
    why: Message | str = ""
    instrument: Instrument | None = attrs.field(default=None, repr=False)


@attrs.frozen
class Supplied:
    """The text of a plugin's definition, and the name of the plugin."""

    plugin: str
    text: str = attrs.field(repr=False)
    source: str = ""


class Shelf:
    """The questionnaires of a program as it stands: made anew when its own, or its settings, change.

    `program` is None where nobody knows the settings: then nothing is raised, and nothing is off.
    """

    def __init__(
        self,
        supplied: Iterable[Supplied] = (),
        own: Iterable[Record] = (),
        program: Program | None = None,
        before: Shelf | None = None,
    ) -> None:
        """`own` are the heads of the program's `Questionnaire`s, with those that cannot be read; `before` is
        the shelf that this one follows, whose texts are not read again."""
        found = list(own)
        self._supplied = tuple(supplied)
        self._definitions = [o for o in found if isinstance(o, Questionnaire) and o.sort == "definition"]
        self._wordings = [
            o
            for o in found
            if isinstance(o, Questionnaire) and o.sort != "definition" and o.state == "standing"
        ]
        self._dark = [o for o in found if not isinstance(o, Questionnaire)]
        self._read: dict[str, Instrument | Malformed] = {} if before is None else before._read
        self._made: dict[Instrument, tuple[Instrument, tuple[str, ...]]] = {}
        self._levels = {} if program is None else _settled(program, raises)
        self._receivers = _settled(program, receivers)

    @classmethod
    def bare(cls, supplied: Iterable[Supplied] = ()) -> Self:
        """The questionnaires without any program: what its settings would have to say is not said."""
        return cls(supplied, program=Program(name=""))

    # -- what is asked of it ---------------------------------------------------------------------------

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all that can be read, in alphabetical order."""
        others = (one.instrument.id for one in (*self._from_plugins(), *self._mine()))
        return tuple(sorted({*installed(), *others}))

    def find(self, id: str, version: str | None = None, sha256: str = "") -> Held | None:
        """The definition by id: the newest that stands, or the version asked for, withdrawn or not, and of
        two of that version the one with this hash. Where all are withdrawn, the newest of those."""
        held = [
            one
            for one in self._all_of(id, version)
            if version is None or number(version) == number(one.instrument.version)
        ]
        return max(held, key=lambda one: _rank(one, sha256), default=None)

    def instrument(self, id: str, version: str | None = None) -> Instrument:
        """The definition by id, with its wording and the program's raised levels; NotFound, naming the
        closest id, where there is none."""
        held = self.find(id, version)
        if held is None:
            if version is not None and (newest := self.find(id)) is not None:
                raise NotFound(
                    _(
                        "there is no such version of {id}; the newest is {version}",
                        id=id,
                        version=newest.instrument.version,
                    )
                )
            known = self.ids
            raise NotFound(
                _(
                    "there is no instrument of that id{near} (there are {known})",
                    near=near(str(id), known),
                    known=listed(known),
                )
            )
        return self.settled(held.instrument)[0]

    def settled(self, instrument: Instrument) -> tuple[Instrument, tuple[str, ...]]:
        """A definition with the program's wording and raised levels, and which settings could not be read.
        Levels that its giver raised already stay so."""
        if instrument not in self._made:
            self._made[instrument] = self._settle(instrument)
        return self._made[instrument]

    def receiver(self, instrument: Instrument) -> str | None:
        """The office that receives what an instrument finds; empty where nobody has to, None where somebody
        has to and is not named: then it is off."""
        if self._receivers is None:
            return KEEPER if instrument.pack else ""
        named = self._receivers.get(instrument.id) or self._receivers.get(instrument.pack, "")
        return named or (None if instrument.pack else "")

    def lines(self) -> tuple[InstrumentLine, ...]:
        """Everything that there is, by id and version, and what cannot be read."""
        held: dict[tuple[str, str, str], Held] = {}
        for one in (each for id_ in self.ids for each in self._all_of(id_)):
            held.setdefault((one.instrument.id, one.instrument.version, one.instrument.sha256), one)
        made = [*(self._line(one) for one in held.values()), *self.faults]
        return tuple(sorted(made, key=lambda line: (line.id, number(line.version), line.origin)))

    @property
    def faults(self) -> tuple[InstrumentLine, ...]:
        """What cannot be read, or does not fit, and so is left out."""
        return tuple(self._faults())

    @property
    def unraised(self) -> tuple[tuple[str, str], ...]:
        """Instrument and rule of what the program's settings mean to raise and nothing raises: there is no
        such questionnaire, no such rule in it, or the level is below its own."""
        return tuple(
            (id_, rule)
            for id_, rules in (self._levels or {}).items()
            for rule, level in rules.items()
            if not self._raises(id_, rule, level)
        )

    def _raises(self, id: str, rule: str, level: Level) -> bool:
        held = self.find(id)
        try:
            return held is not None and bool(held.instrument.raised({rule: level}))
        except Malformed:
            return False

    # -- how it is found -------------------------------------------------------------------------------

    def _from_plugins(self) -> Iterator[Held]:
        for one in self._supplied:
            if isinstance(made := self._supply(one), Instrument):
                yield Held(made, one.plugin)

    def _mine(self, id: str = "") -> Iterator[Held]:
        """The program's own, each text once: one that was withdrawn and brought in again stands."""
        seen: set[str] = set()
        for one in sorted(self._definitions, key=lambda each: each.state != "standing"):
            if one.sha256 in seen or id not in ("", one.instrument):
                continue
            seen.add(one.sha256)
            if isinstance(made := self._own(one), Instrument):
                yield Held(made, OWN, one.state != "standing")

    def _all_of(self, id: str, version: str | None = None) -> list[Held]:
        """Every definition of an id; of those that peerkit ships the newest, or the version asked for. What
        the program withdrew is withdrawn, also where a plugin has it too."""
        shipped: list[Held] = []
        if id in installed():
            with suppress(NotFound):
                shipped = [Held(load(id, version=version), SHIPPED)]
        mine = list(self._mine(id))
        withdrawn = {one.instrument.sha256 for one in mine if one.withdrawn}
        theirs = [
            attrs.evolve(one, withdrawn=one.instrument.sha256 in withdrawn)
            for one in self._from_plugins()
            if one.instrument.id == id
        ]
        return [*shipped, *mine, *theirs]

    def _own(self, one: Questionnaire) -> Instrument | Malformed:
        return self._remembered(one.sha256, lambda: read(one))

    def _supply(self, one: Supplied) -> Instrument | Malformed:
        made = self._remembered(one.text, lambda: parse(one.text, one.source or one.plugin))
        if isinstance(made, Instrument) and made.id in installed():
            return Malformed(_("peerkit ships an instrument of this id; take another"), where=made.source)
        return made

    def _remembered(self, key: str, make: Callable[[], Instrument]) -> Instrument | Malformed:
        """What a text holds, or why it cannot be read: the same for ever, so it is read once."""
        if key not in self._read:
            try:
                self._read[key] = make()
            except Malformed as fault:
                self._read[key] = fault
            except Exception as error:  # noqa: BLE001  # one file stands in no other's way; tried again
                return Malformed(_("it could not be read now ({error})", error=type(error).__name__))
        return self._read[key]

    def _settle(self, instrument: Instrument) -> tuple[Instrument, tuple[str, ...]]:
        odd: list[str] = []
        for pack in self._packs(instrument):
            with suppress(Malformed):  # among the faults; the rest of the wording is there
                instrument = fitted(instrument, pack)
        unread = self._levels is None
        for rule, level in (self._levels or {}).get(instrument.id, {}).items():
            try:  # each by itself: one that does not fit takes no other along
                instrument = instrument.raised({rule: level})
            except Malformed:
                unread = True
        odd += [RAISED] if unread else []
        odd += [RECEIVES] if self._receivers is None and instrument.pack else []
        return instrument, tuple(odd)

    def _packs(self, instrument: Instrument) -> list[Questionnaire]:
        mine = (one for one in self._wordings if one.instrument == instrument.id)
        return [one for one in mine if number(one.edition) == number(instrument.version)]

    # -- how it is listed ------------------------------------------------------------------------------

    def _line(self, held: Held) -> InstrumentLine:
        instrument, receiver = self.settled(held.instrument)[0], self.receiver(held.instrument)
        chosen = self.find(instrument.id)
        state = OFF if receiver is None else ON
        if held.withdrawn:
            state = WITHDRAWN
        elif chosen is not None and chosen.instrument.sha256 != instrument.sha256:
            state = REPLACED
        mine = (one for one in self._definitions if one.sha256 == instrument.sha256)
        record = min(mine, key=lambda one: one.state != "standing", default=None)
        return InstrumentLine(
            id=instrument.id,
            version=instrument.version,
            state=state,
            title=instrument.title,
            pack=instrument.pack,
            receiver=receiver or "",
            languages=instrument.languages,
            origin=held.origin,
            record="" if record is None else record.id,
            instrument=instrument,
        )

    def _faults(self) -> Iterator[InstrumentLine]:
        for one in self._supplied:
            if isinstance(fault := self._supply(one), Malformed):
                yield InstrumentLine(
                    id="", version="", state=UNREADABLE, origin=one.plugin, why=explained(fault)
                )
        for definition in self._definitions:
            if isinstance(fault := self._own(definition), Malformed):
                yield _unreadable(definition, explained(fault))
        for wording in self._wordings:
            held = self.find(wording.instrument, wording.edition)
            try:
                if held is None:
                    raise Malformed(_("there is no definition of this id and version for this wording"))
                fitted(held.instrument, wording)
            except Malformed as fault:
                yield _unreadable(wording, explained(fault))
        for dark in self._dark:
            told = _("this peerkit cannot read the record: update peerkit")
            yield InstrumentLine(id="", version="", state=UNREADABLE, origin=OWN, record=dark.id, why=told)


def _unreadable(one: Questionnaire, why: Message) -> InstrumentLine:
    return InstrumentLine(
        id=one.instrument, version=one.edition, state=UNREADABLE, origin=OWN, record=one.id, why=why
    )


def _rank(held: Held, sha256: str) -> tuple[object, ...]:
    """What is chosen of several: what was asked for to the byte, what stands, what peerkit ships, the newest,
    and of two alike the program's own."""
    one = held.instrument
    same = bool(sha256) and one.sha256 == sha256
    return (same, not held.withdrawn, held.origin == SHIPPED, number(one.version), held.origin == OWN)


def _settled(program: Program | None, of: Callable[[Program], dict[str, T]]) -> dict[str, T] | None:
    """What a setting says; None where it cannot be read."""
    try:
        return None if program is None else of(program)
    except Malformed:
        return None
