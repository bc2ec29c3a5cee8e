# SPDX-License-Identifier: Apache-2.0
"""Handing a notice over: content-free, bounded in time, and whatever happens a `Delivery` says what became
of it.

"Handed over" is not "seen": only a human's own act acknowledges.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from contextvars import copy_context
from typing import TYPE_CHECKING

import attrs

from peerkit.delivery.channels import NotSent
from peerkit.errors import PeerkitError
from peerkit.hooks import NotifierChannel
from peerkit.levels import Level
from peerkit.model.people import Person
from peerkit.model.sending import Delivery
from peerkit.ports import Message, Notifier
from peerkit.safety.ladder import OUTSIDE
from peerkit.safety.reading import get, human
from peerkit.texts import Texts, _, for_locale

if TYPE_CHECKING:
    from peerkit.kit import Kit
    from peerkit.plugins import PluginRecord

FLOOR = _("Someone needs you. Please open your work app.")
"""What every safety notice may say, whatever anybody consented to. It tells nothing of anybody."""

DRILL = _("This is a drill. Please open your work app.")
SUBJECT = _("Please open your work app")
MAKING = 3.0
"""How long a plugin may take to make its channel. Whoever waits for it may hold a screen."""

SECONDS = 10.0
"""How long one channel may take for one message before the next is tried."""

LONGEST_WORD = 100
TIMEOUT = "timeout"
"""Why something was not done by what did not come back."""

CHANNELS_A_HUMAN = 2
"""An urgent notice goes over so many different channels, since a mailbox may be dead or a number changed."""


@attrs.frozen
class Channels:
    """The program's notifiers by channel, for one delivery run, and why others of its channels cannot be
    used. `hung` are those of them that did not come back with a message in time."""

    notifiers: Mapping[str, Notifier]
    problems: Mapping[str, str]
    hung: set[str] = attrs.field(factory=set)

    @property
    def names(self) -> frozenset[str]:
        """The channels that can be used."""
        return frozenset(self.notifiers)

    def answering(self) -> Channels:
        """Without those that hung: what is no alarm waits for the next run rather than for them."""
        notifiers = {name: one for name, one in self.notifiers.items() if name not in self.hung}
        return attrs.evolve(self, notifiers=notifiers)

    def hand_over(self, channel: str, message: Message) -> str:
        """Send one message over a channel; empty once it is handed over, else why not, in a word."""
        code = hand_over(self.notifiers[channel], message)
        if code == TIMEOUT:
            self.hung.add(channel)
        return code


def channels(kit: Kit, environ: Mapping[str, str] | None = None) -> Channels:
    """Make the notifiers that the program's settings name, or where those cannot be read every one that there
    is: people's addresses say which reach them. One that cannot be made is a problem, no error.

    A channel's own settings come from the environment: `PEERKIT_EMAIL_HOST` is `host` of `email`.
    """
    program = kit.net.fresh(kit).program
    supplied = {one.channel: (record, one) for record, one in kit.plugins.supplies(NotifierChannel)}
    wanted = program.notifiers if program is not None else tuple(supplied)
    made: dict[str, Notifier] = {}
    problems: dict[str, str] = {}
    for name in dict.fromkeys(wanted):
        if name not in supplied:
            problems[name] = _("no plugin supplies this channel")
            continue
        record, supply = supplied[name]
        given = _settings(name, os.environ if environ is None else environ)
        reaches_people = kit.storage.capabilities.real_notifiers
        notifier, why = _made(record, supply, given, reaches_people=reaches_people)
        if notifier is None:
            problems[name] = why
        else:
            made[name] = notifier
    return Channels(made, problems)


def _made(
    record: PluginRecord, supply: NotifierChannel, settings: Mapping[str, str], *, reaches_people: bool
) -> tuple[Notifier | None, str]:
    """The notifier, or None and why not. peerkit's own errors name a setting, never its value; of a plugin's
    only the type is told. A plugin that does not come back is left behind."""
    ours = record.origin not in {"given", "found"}
    made: list[tuple[Notifier, bool]] = []
    raised: list[str] = []

    def make() -> None:
        try:
            notifier = supply.make(settings)
            made.append((notifier, bool(notifier.real)))
        except Exception as error:  # noqa: BLE001  # a plugin's, or a missing setting: the others go on
            own = ours and isinstance(error, PeerkitError)
            raised.append(str(error) if own else type(error).__name__)

    if ours:
        make()
    elif not within(make, MAKING):
        return None, _("plugin {plugin} could not make it ({why})", plugin=record.label, why=TIMEOUT)
    if made:
        notifier, real = made[0]
        if real and not reaches_people:
            return None, _("this storage forgets, so it does not reach real people")
        return notifier, ""
    why = raised[0] if raised else "gone"
    told = _("plugin {plugin} could not make it ({why})", plugin=record.label, why=why)
    return None, why if ours and " " in why else told


def _settings(channel: str, environ: Mapping[str, str]) -> dict[str, str]:
    prefix = f"PEERKIT_{channel.upper().replace('-', '_')}_"
    return {
        key.removeprefix(prefix).lower(): value for key, value in environ.items() if key.startswith(prefix)
    }


@attrs.frozen
class Notice:
    """What is sent about one alert or drill."""

    about: str
    reference: str
    climb: int = 0
    text: str = FLOOR
    level: Level = Level.NOW


def notify(kit: Kit, asked: Iterable[str], notice: Notice, usable: Channels) -> tuple[Delivery, ...]:
    """Send to these humans and bodies, each over one channel, or two different ones if it is urgent; what
    became of it, not yet written."""
    return tuple(log(kit, notice, one, told) for one in asked for told in tell(kit, one, notice, usable))


Told = tuple[str, str]
"""A channel, and why it did not take a notice; empty: it did."""


def tell(kit: Kit, one: str, notice: Notice, usable: Channels) -> list[Told]:
    """Send to one human or body, over the first of their addresses that take it. A channel that hung in this
    run is waited for again only where no other takes it, since others wait behind."""
    urgent = notice.level is Level.NOW
    wanted = CHANNELS_A_HUMAN if urgent else 1
    subject, text = _said(kit, one, notice)
    found: list[Told] = []
    taken: set[str] = set()
    addresses = _addresses(kit, one, usable)
    for address in sorted(addresses, key=lambda a: a.partition(":")[0] in usable.hung):
        channel, _colon, to = address.partition(":")
        if channel in taken or (taken and channel in usable.hung):
            continue
        code = usable.hand_over(channel, Message(to, subject, text, notice.reference, urgent))
        found.append((channel, code))
        taken |= set() if code else {channel}
        if len(taken) == wanted:
            break
    return found


def _said(kit: Kit, one: str, notice: Notice) -> tuple[str, str]:
    """Subject and text in a language of the human who is told, else of the program. Where a text cannot be
    said in it, the notice goes as it is written here: nothing about a text holds up an alarm."""
    try:
        say = _texts_of(kit, one)
        return say(SUBJECT), say(notice.text)
    except Exception:  # noqa: BLE001  # whatever a catalogue or somebody's languages do
        return SUBJECT, notice.text


def _texts_of(kit: Kit, one: str) -> Texts:
    program = kit.net.fresh(kit).program
    person = None if one.startswith(OUTSIDE) else get(kit, Person, one)
    spoken = (
        *(person.languages if person is not None else ()),
        *(program.languages if program is not None else ()),
    )
    return for_locale(*spoken)


def _addresses(kit: Kit, one: str, usable: Channels) -> tuple[str, ...]:
    """Where somebody can be reached: one address of each channel in their order, then their others."""
    program = kit.net.fresh(kit).program
    if one.startswith(OUTSIDE):
        steps = program.path if program is not None else ()
        known = [a for step in steps if OUTSIDE + step.name == one for a in step.reach]
        given = tuple(a for a in known if a.partition(":")[0] in usable.names)
    else:
        person = get(kit, Person, one)
        if person is None:
            return ()
        found = human(person, usable.names, kit.clock.now(), program)
        given = found.addresses if found.here else ()  # who was asked may have died or left since
    first = {address.partition(":")[0]: address for address in reversed(given)}
    return tuple(sorted(given, key=lambda a: first[a.partition(":")[0]] != a))


def log(kit: Kit, notice: Notice, to: str, told: Told, went_with: str = "") -> Delivery:
    """What became of a notice, not yet written."""
    channel, code = told
    return kit.new(
        lambda: Delivery.log(
            about=notice.about,
            to=to,
            channel=channel,
            result="failed" if code else "handed-over",
            code=code,
            climb=notice.climb,
            went_with=went_with,
        )
    )


def hand_over(notifier: Notifier, message: Message, seconds: float = SECONDS) -> str:
    """Send one message; empty once it is handed over, else why not, in a word."""
    trouble: list[str] = []

    def send() -> None:
        try:
            notifier.send(message)
        except NotSent as error:
            trouble.append(_word(error.code))
        except BaseException as error:  # noqa: BLE001  # its text may quote the address: its type does not
            trouble.append(f"raised:{type(error).__name__}")

    if not within(send, seconds):
        return TIMEOUT
    return trouble[0] if trouble else ""


def _word(code: object) -> str:
    """A plugin's word for why a message was not handed over; one that is none must not read as success."""
    fits = isinstance(code, str) and code.strip() and code.isprintable() and len(code) <= LONGEST_WORD
    return str(code) if fits else "not-sent"


def within(work: Callable[[], None], seconds: float) -> bool:
    """Do it in a thread of its own, with ids and chance from where the caller takes them; whether it ended in
    time. One that hangs is left behind."""
    thread = threading.Thread(target=copy_context().run, args=(work,), name="peerkit-delivery", daemon=True)
    try:
        thread.start()
    except RuntimeError:  # no more threads, or the interpreter is ending
        return False
    thread.join(seconds)
    return not thread.is_alive()
