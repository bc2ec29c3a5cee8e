# SPDX-License-Identifier: Apache-2.0
"""`peerkit init`: founding a program."""

from __future__ import annotations

import json
import re
import shlex
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import out
from peerkit.cli.app import ISSUER, App, installed
from peerkit.cli.options import as_json, database
from peerkit.errors import Malformed

if TYPE_CHECKING:
    from peerkit.kit import Kit

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

    import peerkit

    with peerkit.open(url, settings=settings) as kit, app.using(kit):
        linked = _link(kit, logins)
        _told(app, kit, linked)


def _file(path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise Malformed("the settings file cannot be read: is it there, and in UTF-8?", where=path) from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at ([^()]*)\)$", str(error))  # the rest of the message may quote the file
        at = f"{path}, {place.group(1)}" if place else path
        raise Malformed("the settings file is no TOML", where=at) from None


def _options(settings: dict[str, Any], options: dict[str, Any]) -> None:
    """Lay the options over the file."""
    for key in ("name", "timezone", "region", "uncovered"):
        if options[key]:
            settings[key] = options[key]
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
        raise Malformed("it is a table: name, reach, login", where=f"settings.{key}")
    return dict(held)


def _asked(settings: dict[str, Any]) -> None:
    """Ask for what is missing; without a terminal, name the options."""
    missing = [key for key in ("name", "coordinator") if not settings.get(key)]
    if not missing:
        return
    if not _at_keyboard():
        raise click.UsageError(
            f"A program needs {' and '.join(f'--{key}' for key in missing)}, or --settings FILE."
        )
    for key, words, default in (
        ("name", "What is the program called?", None),
        ("timezone", "Its time zone", "America/Toronto"),
        ("region", "Its region", "CA-ON"),
    ):
        if not settings.get(key):
            settings[key] = click.prompt(words, default=default)
    if not settings.get("coordinator"):
        settings["coordinator"] = _somebody("Who is its first coordinator?")
    if not settings.get("on_call"):
        click.echo("Who else is on call when an alarm is raised? (Enter: nobody yet)")
        somebody = _somebody("Name", optional=True)
        settings["on_call"] = [somebody] if somebody else []


def _at_keyboard() -> bool:
    return sys.stdin.isatty()


def _somebody(words: str, *, optional: bool = False) -> dict[str, Any]:
    name = click.prompt(words, default="" if optional else None, show_default=False)
    if not name:
        return {}
    reach = click.prompt(
        "Where are they reached? (channel:address, such as email:robin@example.org)",
        default="",
        show_default=False,
    )
    return {"name": name, "reach": [reach] if reach else []}


def _logins(settings: dict[str, Any], mine: str) -> list[tuple[int, str]]:
    """Take `login` out of the people of the settings: (their place, login). The coordinator's is mine."""
    coordinator = _table(settings, "coordinator")
    found = [(0, str(coordinator.pop("login", "") or mine))]
    settings["coordinator"] = coordinator
    on_call = settings.get("on_call", [])
    if not isinstance(on_call, list) or not all(isinstance(one, dict) for one in on_call):
        raise Malformed("it is a list of tables: name, reach, hours, login", where="settings.on_call")
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
    from peerkit.hooks import NotifierChannel

    people = [settings["coordinator"], *settings["on_call"]]
    reach = [one for person in people for one in person.get("reach", ()) if isinstance(one, str)]
    supplied = {channel.channel for _, channel in installed().supplies(NotifierChannel)}
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
    warnings, commands = _unreached(app, kit)
    if app.as_json:
        found = {"program": program.id, "name": program.name, "linked": linked, "plugins": accepted}
        out.emit({**found, "warnings": warnings, "commands": commands})
        return
    out.line(f"{program.name} is founded.", style="bold")
    out.pairs(
        [
            ("time zone", program.timezone),
            ("region", program.region),
            ("an alarm goes", " → ".join(f"{step.role} ({step.minutes} min)" for step in program.path)),
            ("nobody covers", program.uncovered),
            ("you are", f"its coordinator, by the login {', '.join(linked)}"),
            ("plugins", ", ".join(accepted) or "none installed"),
        ],
        indent=2,
    )
    for sentence in warnings:
        click.echo()
        out.line(sentence, style="bold red")
        for command in commands if sentence.endswith(":") else ():
            click.echo(f"  {command}")  # not wrapped: it is copied
    out.title("Next")
    out.pairs(
        [
            ("peerkit drill", "try the way an alarm takes: before that, the program is not ready"),
            ("peerkit deliver", "sends what is due: let it run every minute"),
            ("peerkit health", "whether alarms reach anybody"),
            ("peerkit due", "what is due from you"),
        ],
        indent=2,
    )


def _unreached(app: App, kit: Kit) -> tuple[list[str], list[str]]:
    """What is wrong with how the people of a new program are reached, each with what to do about it, and the
    commands that do it. `health` says it too, but only to somebody who asks."""
    from peerkit.delivery.sending import channels
    from peerkit.model.people import Person
    from peerkit.safety.reading import heads, human

    usable = channels(kit)
    works = ", ".join(sorted(usable.names)) or "none works"
    wrong = [f"The channel {name} cannot be used: {why}." for name, why in usable.problems.items()]
    commands: list[str] = []
    now, everybody = kit.clock.now(), heads(kit, Person)
    silent = [p for p in everybody if not human(p, usable.names, frozenset(), now, kit.program).addresses]
    if silent:
        names = " and ".join(person.name for person in silent)
        what = "NOBODY CAN BE REACHED" if len(silent) == len(everybody) else "Not everybody can be reached"
        have = "has" if len(silent) == 1 else "have"
        wrong.append(
            f"{what} when an alarm is raised: {names} {have} no address on a channel of this program "
            f"({works}). Give {'them' if len(silent) == 1 else 'each'} one, written CHANNEL:ADDRESS:"
        )
        reach = json.dumps({"reach": [f"{min(usable.names, default='email')}:ADDRESS"]})
        for person in silent:
            mine = person.id == kit.first_coordinator
            theirs = "" if mine else f" --decided-by {person.id} --how spoken"
            update = (
                f"peerkit act person/{person.id} update --with -{theirs} --db {shlex.quote(app.database())}"
            )
            commands.append(f"echo '{reach}' | {update}")
    if usable.notifiers and not any(one.real for one in usable.notifiers.values()):
        wrong.append(
            f"Notices are only printed where `peerkit deliver` runs (channel {works}), and seen by nobody "
            "elsewhere. Before you rely on them, name another channel in the settings: "
            'notifiers = ["email", "console"].'
        )
    return wrong, commands
