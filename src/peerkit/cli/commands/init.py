# SPDX-License-Identifier: Apache-2.0
"""`peerkit init`: founding a program."""

from __future__ import annotations

import json
import re
import shlex
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import out
from peerkit.cli.app import ISSUER, App, installed
from peerkit.cli.options import as_json, database
from peerkit.cli.speaking import label, say, texts
from peerkit.errors import Malformed
from peerkit.texts import Message, _, joined, listed, many, verbatim
from peerkit.texts.dates import weekly

if TYPE_CHECKING:
    from peerkit.kit import Kit
    from peerkit.model.people import Person

STEP_MINUTES = 15
"""How long each step of the path that `init` writes has to acknowledge. Own choice; settings may differ."""


@click.command()
@click.option("--settings", "file", metavar="FILE", help="A TOML file of settings; see the how-to page.")
@click.option("--name", help="What the program is called.")
@click.option("--timezone", help="Its time zone, such as America/Toronto.")
@click.option("--region", help="Its region, such as CA-ON: lines to call and duties go by it.")
@click.option("--coordinator", metavar="NAME", help="The first coordinator: you.")
@click.option("--reach", multiple=True, metavar="CHANNEL:ADDRESS", help="Where the coordinator is reached.")
@click.option("--on-call", metavar="NAME", help="Who is on call.")
@click.option("--on-call-reach", multiple=True, metavar="CHANNEL:ADDRESS", help="Where they are reached.")
@click.option(
    "--uncovered", metavar="HOURS", help="Weekly hours in which nobody can be reached, if there are any."
)
@click.option(
    "--receives",
    multiple=True,
    metavar="PACK=OFFICE",
    help="Who receives what questionnaires of a pack find, such as clinical=supervisor; else they are off.",
)
@database
@as_json
@click.pass_obj
def init(app: App, /, *, file: str | None, **options: Any) -> None:
    """Found a program in an empty database.

    It has a name, a first coordinator and, better, somebody else on call. Your login is linked to the
    coordinator. What is not given is asked for if you sit at a terminal; otherwise it is an error that
    names the option. Plugins that are installed now are accepted; later ones wait. Who cannot be reached
    when an alarm is raised is said at once.
    """
    url = app.database()
    settings = _file(file) if file else {}
    _options(settings, options)
    _asked(settings)
    logins = _logins(settings, app.login)
    settings.setdefault("path", _path(settings))
    settings.setdefault("notifiers", _notifiers(settings))
    if (spoken := texts().locale) != "en":  # whoever founds it in French is not to send English notices
        settings.setdefault("languages", [spoken, "en"])

    import peerkit

    with peerkit.open(url, settings=settings) as kit, app.using(kit):
        linked = _link(kit, logins)
        _told(app, kit, linked)


def _file(path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        sentence = _("the settings file cannot be read: is it there, and in UTF-8?")
        raise Malformed(sentence, where=path) from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at ([^()]*)\)$", str(error))  # the rest of the message may quote the file
        at = f"{path}, {place.group(1)}" if place else path
        raise Malformed(_("the settings file is no TOML"), where=at) from None


def _options(settings: dict[str, Any], options: dict[str, Any]) -> None:
    """Lay the options over the file."""
    for key in ("name", "timezone", "region", "uncovered"):
        if options[key]:
            settings[key] = options[key]
    if options["receives"]:
        settings["receives"] = list(options["receives"])
    if options["coordinator"]:
        settings["coordinator"] = {**_table(settings, "coordinator"), "name": options["coordinator"]}
    if options["reach"]:
        settings["coordinator"] = {**_table(settings, "coordinator"), "reach": list(options["reach"])}
    if options["on_call"]:
        somebody = {"name": options["on_call"], "reach": list(options["on_call_reach"])}
        settings["on_call"] = [*settings.get("on_call", []), somebody]


def _table(settings: dict[str, Any], key: str) -> dict[str, Any]:
    held = settings.get(key, {})
    if not isinstance(held, dict):
        raise Malformed(_("it is a table: name, reach, login"), where=f"settings.{key}")
    return dict(held)


def _asked(settings: dict[str, Any]) -> None:
    """Ask for what is missing; without a terminal, name the options."""
    missing = [key for key in ("name", "coordinator") if not settings.get(key)]
    if not missing:
        return
    if not _at_keyboard():
        needed = ", ".join(f"--{key}" for key in missing)
        raise click.UsageError(_("A program needs {options}; or --settings FILE.", options=needed))
    for key, words, default, fits in (
        ("name", _("What is the program called?"), None, _named),
        ("timezone", _("Its time zone"), "America/Toronto", _zone),
        ("region", _("Its region"), "CA-ON", _named if settings.get("lines") else _region),
    ):
        if not settings.get(key):
            settings[key] = click.prompt(say(words), default=default, value_proc=fits)
        else:
            fits(settings[key])  # before the next question, so that no answer is given in vain
    if not settings.get("coordinator"):
        settings["coordinator"] = _somebody(_("Who is its first coordinator?"))
    if not settings.get("on_call"):
        click.echo(say(_("Who else is on call when an alarm is raised? (Enter: nobody yet)")))
        somebody = _somebody(_("Name"), optional=True)
        settings["on_call"] = [somebody] if somebody else []


def _named(text: str) -> str:
    if not text.strip():
        raise click.UsageError(say(_("a name is needed")))
    return text.strip()


def _zone(text: str) -> str:
    from peerkit.model.when import zone_of

    try:
        zone_of(text.strip())
    except Malformed:  # the rule of the model speaks English only
        told = _("there is no such time zone: it is written like America/Toronto")
        raise click.UsageError(say(told)) from None
    return text.strip()


def _region(text: str) -> str:
    from peerkit.safety.regions import installed, region

    if not region(text.strip()).lines:
        codes = ", ".join(code.upper() for code in installed())
        told = _(
            "there are lines to call for {regions}. For another region give your own lines in a file: "
            "--settings FILE",
            regions=codes,
        )
        raise click.UsageError(say(told))
    return text.strip()


def _address(text: str) -> str:
    channel, _colon, to = text.strip().partition(":")
    known = _supplied()
    if text.strip() and not (channel in known and to.strip()):
        told = _(
            "an address is written CHANNEL:ADDRESS, such as email:robin@example.org. Channels here: "
            "{channels}",
            channels=", ".join(sorted(known)),
        )
        raise click.UsageError(say(told))
    return text.strip()


def _supplied() -> set[str]:
    from peerkit.hooks import NotifierChannel

    return {channel.channel for _plugin, channel in installed().supplies(NotifierChannel)}


def _at_keyboard() -> bool:
    return sys.stdin.isatty()


def _somebody(words: Message, *, optional: bool = False) -> dict[str, Any]:
    name = click.prompt(say(words), default="" if optional else None, show_default=False)
    if not name:
        return {}
    reach = click.prompt(
        say(_("Where are they reached? (channel:address, such as email:robin@example.org)")),
        default="",
        show_default=False,
        value_proc=_address,
    )
    return {"name": name, "reach": [reach] if reach else []}


def _logins(settings: dict[str, Any], mine: str) -> list[tuple[int, str]]:
    """Take `login` out of the people of the settings: (their place, login). The coordinator's is mine."""
    coordinator = _table(settings, "coordinator")
    found = [(0, str(coordinator.pop("login", "") or mine))]
    settings["coordinator"] = coordinator
    on_call = settings.get("on_call", [])
    if not isinstance(on_call, list) or not all(isinstance(one, dict) for one in on_call):
        raise Malformed(_("it is a list of tables: name, reach, hours, login"), where="settings.on_call")
    settings["on_call"] = [dict(one) for one in on_call]
    for place, one in enumerate(settings["on_call"], start=1):
        if named := one.pop("login", ""):
            found.append((place, str(named)))
    return found


def _path(settings: dict[str, Any]) -> list[dict[str, Any]]:
    """The escalation path where none is given: nearest first. A supervisor's step needs a supervisor in
    office, which nobody is yet; `today` alerts go to the supporter's own supervisor in any case."""
    roles = ["supporter", *(["on-call"] if settings.get("on_call") else []), "coordinator"]
    return [{"role": role, "minutes": STEP_MINUTES} for role in roles]


def _notifiers(settings: dict[str, Any]) -> list[str]:
    """The channels where none are named: those of the addresses given that something here supplies, and the
    console."""
    people = [settings["coordinator"], *settings["on_call"]]
    reach = [one for person in people for one in person.get("reach", ()) if isinstance(one, str)]
    supplied = _supplied()
    named = (address.partition(":")[0] for address in reach)
    return list(dict.fromkeys([*(channel for channel in named if channel in supplied), "console"]))


def _link(kit: Kit, logins: list[tuple[int, str]]) -> dict[str, str]:
    """Link logins to the people whom founding enrolled, in their order."""
    people = [one.id for one in kit.changes(limit=1000).envelopes if one.kind == "person"]
    for place, name in logins:
        kit.link(ISSUER, name, people[place])
    return {name: people[place] for place, name in logins}


def _told(app: App, kit: Kit, linked: dict[str, str]) -> None:
    program = kit.program
    accepted = [one.name for one in kit.plugins if one.origin == "found" and one.status == "loaded"]
    warnings = [*_unlinked(app, linked), *_unreached(app, kit)]
    if app.as_json:
        found = {"program": program.id, "name": program.name, "linked": linked, "plugins": accepted}
        told = [sentence for sentence, _more in warnings]
        commands = [command for _sentence, more in warnings for command in more]
        out.emit({**found, "warnings": told, "commands": commands})
        return
    steps = [
        _("{step} ({minutes} min)", step=label("", "role", step.role), minutes=step.minutes)
        for step in program.path
    ]
    out.line(_("{program} is founded.", program=program.name), style="bold")
    out.pairs(
        [
            (_("time zone"), verbatim(program.timezone)),
            (_("region"), verbatim(program.region)),
            (_("an alarm goes"), joined(steps, " → ")),
            (_("nobody covers"), weekly(program.uncovered)),
            *_yours(app, kit, linked),
            (_("plugins"), verbatim(", ".join(accepted)) if accepted else _("none installed")),
        ],
        indent=2,
    )
    for sentence, more in warnings:
        click.echo()
        out.line(sentence, style="bold red")
        for command in more:
            click.echo(f"  {command}")  # not wrapped: it is copied
    out.title(_("Next"))
    out.pairs(
        [
            (
                verbatim("peerkit drill"),
                _("try the way an alarm takes: before that, the program is not ready"),
            ),
            (verbatim("peerkit deliver"), _("sends what is due: let it run every minute")),
            (verbatim("peerkit health"), _("whether alarms reach anybody")),
            (verbatim("peerkit due"), _("what is due from you")),
        ],
        indent=2,
    )


def _yours(app: App, kit: Kit, linked: dict[str, str]) -> Iterator[tuple[Message, Message]]:
    if linked.get(app.login) == kit.first_coordinator:
        yield _("you are"), _("its coordinator, by the login {login}", login=app.login)


Warned = list[tuple[Message, list[str]]]
"""What is wrong, each with the commands that mend it."""


def _unlinked(app: App, linked: dict[str, str]) -> Warned:
    """Whoever founds it with somebody else's login cannot come in by their own."""
    if app.login in linked:
        return []
    told = _(
        "Your login, {login}, is linked to nobody here: every command will refuse you. If it is you who "
        "coordinates, found it anew in another file without the login line; else the coordinator links you: "
        "`peerkit people link`.",
        login=app.login,
    )
    return [(told, [])]


def _waiting(people: list[Person], names: Iterable[str]) -> Iterator[Message]:
    """Who has an address on a channel that only lacks its settings: nothing is to be changed about them."""
    for name in names:
        theirs = [one.name for one in people if any(a.partition(":")[0] == name for a in one.reach)]
        if theirs:
            yield _(
                "{names}, over {channel}, as soon as that can be used. What it lacks is set in the "
                "environment of whatever runs peerkit, such as {variable}. Then look at `peerkit health`.",
                names=listed(theirs),
                channel=name,
                variable=f"PEERKIT_{name.upper().replace('-', '_')}_HOST",
            )


def _unreached(app: App, kit: Kit) -> Warned:
    """What is wrong with how the people of a new program are reached, each with what to do about it, and the
    commands that do it. `health` says it too, but only to somebody who asks."""
    from peerkit.delivery.sending import channels
    from peerkit.model.people import Person
    from peerkit.safety.reading import heads, human

    usable = channels(kit)
    works = verbatim(", ".join(sorted(usable.names))) if usable.names else _("none works")
    wrong: Warned = [
        (_("The channel {name} cannot be used: {why}.", name=name, why=why), [])
        for name, why in usable.problems.items()
    ]
    now, everybody = kit.clock.now(), heads(kit, Person)
    silent = [p for p in everybody if not human(p, usable.names, now, kit.program).addresses]
    nobody = _("NOBODY CAN BE REACHED when an alarm is raised:")
    some = _("Not everybody can be reached when an alarm is raised:")
    what = nobody if len(silent) == len(everybody) else some
    wrong += [(joined([what, told]), []) for told in _waiting(silent, usable.problems)]
    broken = set(usable.problems)
    silent = [p for p in silent if not broken & {one.partition(":")[0] for one in p.reach}]
    if silent:
        lacks = many(
            "{names} has no address on a channel of this program ({channels}). Give them one, written "
            "CHANNEL:ADDRESS:",
            "{names} have no address on a channel of this program ({channels}). Give each one, written "
            "CHANNEL:ADDRESS:",
            len(silent),
            names=listed([person.name for person in silent]),
            channels=works,
        )
        reach = json.dumps({"reach": [f"{min(usable.names, default='email')}:ADDRESS"]})
        commands = [_giving(app, kit, person, reach) for person in silent]
        wrong.append((joined([what, lacks]), commands))
    if usable.notifiers and not any(one.real for one in usable.notifiers.values()):
        wrong.append(
            (
                _(
                    "Notices are only printed where `peerkit deliver` runs (channel {channels}), and seen by "
                    "nobody elsewhere. Before you rely on them, name another channel in the settings: "
                    'notifiers = ["email", "console"].',
                    channels=works,
                ),
                [],
            )
        )
    return wrong


def _giving(app: App, kit: Kit, person: Person, reach: str) -> str:
    theirs = "" if person.id == kit.first_coordinator else f" --decided-by {person.id} --how spoken"
    update = f"peerkit act person/{person.id} update --with -{theirs} --db {shlex.quote(app.database())}"
    return f"echo '{reach}' | {update}"
