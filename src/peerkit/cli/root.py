# SPDX-License-Identifier: Apache-2.0
"""`peerkit` itself: finding commands without importing them, and turning errors into sentences."""

from __future__ import annotations

import builtins
import copy
import importlib
import keyword
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from peerkit._version import __version__
from peerkit.cli import exits, speaking, streams
from peerkit.cli.app import App, installed
from peerkit.errors import PeerkitError
from peerkit.texts import Message, _, joined

COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("demo", "Play one whole journey with fictional people, and tell it."),
    "story": ("demo", "Tell again, from a demo's database alone, what happened in it."),
    "simulate": ("simulate", "Fill an empty database with a made-up program of years."),
    "init": ("init", "Found a program: its name, its first coordinator, who is on call."),
    "next-coordinator": ("next_coordinator", "Name the next coordinator of a program that has none."),
    "plugins": ("plugins", "List plugins, or accept one."),
    "packs": ("packs", "List packs, or check a folder that is to be one."),
    "health": ("health", "Say whether alarms reach anybody."),
    "alerts": ("alerts", "List the open alerts, or say how alarms went."),
    "ack": ("alerts", "Say of an alert: I have seen it and take it."),
    "respond": ("responding", "Record what was done about an alert, or close it."),
    "policy": ("lines", "Tell what happens when somebody may be in danger."),
    "lines": ("lines", "List whom to call, with where each number stands."),
    "regions": ("lines", "Show the lines and duties that ship for a region."),
    "concern": ("alerts", "Raise a concern about somebody; anyone may, without an account."),
    "duty-reports": (
        "duty_reports",
        "Show what the law may ask of you in person; write down what you did.",
    ),
    "deliver": ("deliver", "Send what is due, let alerts climb."),
    "drill": ("deliver", "Try the way an alarm takes, step by step."),
    "screen": ("screens", "Ask somebody the questions of a screen, one at a time."),
    "screens": ("screens", "List the screens that you have not finished, show or move one."),
    "due": ("due", "List your open tasks, what is overdue first."),
    "counts": ("counts", "Count what a program reports, without anybody's name."),
    "people": ("who", "List the people whom you may see, or add somebody."),
    "relationships": ("walking", "Who waits, who walks with whom, and the steps between."),
    "meetings": ("meetings", "Plan meetings, say that they were held, note them together."),
    "plans": ("plans", "Show a goal plan, suggest, and record what the person decides."),
    "safety-plan": ("safety_plans", "Write, share and show what somebody planned for hard hours."),
    "referrals": ("referrals", "List open referrals, what each waits for, and take the next step."),
    "directory": ("directory", "Search the service directory, or fill it."),
    "library": ("library", "List or search what there is to read about peer support."),
    "instruments": ("instruments", "List, show, check, score and bring in questionnaires."),
    "import": ("sheets", "Bring in the spreadsheet that you have."),
    "print": ("printing", "Print an agreement, a consent, a plan or a card, in plain words."),
    "act": ("act", "Record an act on a record, and whose decision it was."),
    "history": ("records", "Tell who did what to a record, and whose decision it was."),
    "inspect": ("records", "Read a record; who reads it, and why, is written down."),
    "export": ("export", "Let records out through the gate, as consent allows."),
    "log": ("person", "Tell who has seen what about you, and what went to whom."),
    "take-out": ("person", "Write everything about you to one encrypted file."),
    "break-glass": ("person", "Open one person's record for a while, with a reason."),
    "merge": ("person", "Join two records of one human."),
    "split": ("person", "Part two records that were joined wrongly."),
    "erase": ("erase", "Remove what records hold, for ever."),
    "backup": ("backup", "Write the whole program to a new file, while it runs."),
    "restored": ("restored", "Walk what a backup that was put back has forgotten."),
    "verify": ("verify", "Prove that nothing was changed outside peerkit."),
    "migrate": ("verify", "Bring the database's indexes up to this version."),
    "new-plugin": ("new_plugin", "Make the folder of a new plugin, with tests that pass."),
}
"""Each command: its module in `peerkit.cli.commands`, and one line of help."""

ELSEWHERE: Mapping[str, str] = {
    "diabetes": "peerkit-diabetes",
    "directory import": "peerkit-hsds",
    "families": "peerkit-families",
}
"""Commands of distributions that the project keeps itself, or groups of them: where one is missing, its name
helps."""


class Group(click.Group):
    """A group whose commands may also come from plugins, by the path they name."""

    path = ""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """peerkit's own command, else a plugin's of this path."""
        own = super().get_command(ctx, cmd_name)
        return own if own is not None else plugin_command(f"{self.path} {cmd_name}".strip())

    def list_commands(self, ctx: click.Context) -> list[str]:
        """peerkit's own commands and those of plugins."""
        return sorted({*super().list_commands(ctx), *plugin_commands(self.path)})

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands. A plugin's line is what it says of itself: its command is not loaded."""
        rows = [(name, command.get_short_help_str(100)) for name, command in sorted(self.commands.items())]
        rows += sorted(plugin_commands(self.path).items())
        with formatter.section(speaking.say(_("Commands"))):
            formatter.write_dl(rows)


class Root(click.Group):
    """`peerkit`: commands by name from the table above, errors as sentences."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **more: Any) -> Any:
        """As click does, in the language that was asked for, wherever in the line it stands."""
        given = sys.argv[1:] if args is None else list(args)
        locale, kept, unknown = speaking.chosen(given, os.environ)
        with speaking.speaking(locale), streams.outputs():
            if unknown:
                speaking.warn()
            return click.Group.main(speaking.localized(self), args if kept == given else kept, *rest, **more)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """peerkit's own commands, in the order in which a stranger needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, imported now; one of a plugin if peerkit has none of that name."""
        if cmd_name not in COMMANDS:
            return plugin_command(cmd_name)
        module = importlib.import_module(f"peerkit.cli.commands.{COMMANDS[cmd_name][0]}")
        found: click.Command = getattr(module, _attribute(cmd_name))
        return speaking.localized(found)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The table, without importing a command."""
        with formatter.section(speaking.say(_("Commands"))):
            formatter.write_dl(
                [(name, speaking.help_text(short) or "") for name, (_, short) in COMMANDS.items()]
            )

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        """Names of commands, without importing them."""
        from click.shell_completion import CompletionItem

        found = [
            CompletionItem(name, help=short)
            for name, (_, short) in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return found + click.Command.shell_complete(self, ctx, incomplete)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the near names of the table for a misspelt one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            if not near or args[0].startswith("-"):
                raise
            meant = _("Is {name} meant?", name=near[0])
            raise click.UsageError(joined([error.format_message(), meant]), ctx=ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; whatever goes wrong becomes a sentence and an exit code."""
        _forgiving()
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except click.ClickException as error:
            error.message = speaking.say(error.message)  # type: ignore[misc]  # as click does in its subclasses
            raise
        except click.exceptions.Exit:
            raise
        except PeerkitError as error:
            raise exits.told(error) from None
        except (KeyboardInterrupt, EOFError, click.Abort):
            stopped = _("Stopped. What was committed is kept, the rest was not done.")
            raise exits.Told(f"\n{speaking.say(stopped)}", exits.INTERRUPTED) from None
        except BrokenPipeError:
            streams.silence(sys.stdout)
            raise click.exceptions.Exit(exits.PIPE) from None
        except streams.UnwritableError:
            raise exits.Told(speaking.say(streams.BROKEN), exits.STORAGE) from None
        except Exception as error:  # noqa: BLE001  # the outermost edge: a traceback could show people's words
            raise exits.fault(error) from None
        if streams.unwritable():
            raise click.exceptions.Exit(exits.STORAGE)
        return result


def _attribute(name: str) -> str:
    """What a command is called in its module: `import` and `print` are words of Python's own."""
    made = name.replace("-", "_")
    return f"{made}_" if keyword.iskeyword(made) or hasattr(builtins, made) else made


def _forgiving() -> None:
    """A terminal that cannot show a letter gets a `?` for it, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


# -- plugins' commands -----------------------------------------------------------------------------


def _supplied() -> dict[str, tuple[Any, Any]]:
    """Path → (plugin, its `Command`), of what is installed here and not blocked."""
    from peerkit.hooks import Command

    return {" ".join(one.path.split()): (record, one) for record, one in installed().supplies(Command)}


def plugin_commands(path: str) -> dict[str, str]:
    """Names and helps of plugins' commands directly under a path; of a group there the names of its
    commands."""
    found: dict[str, str] = {}
    below: dict[str, list[str]] = {}
    for place, (_plugin, command) in _supplied().items():
        above, _blank, name = place.rpartition(" ")
        if above == path:
            found[name] = speaking.say(command.help)
        elif f"{above} ".startswith(f"{path} " if path else ""):
            group, *inside = place.removeprefix(path).split()
            below.setdefault(group, []).append(inside[0])
    return found | {group: ", ".join(dict.fromkeys(names)) for group, names in below.items()}


def plugin_command(path: str) -> click.Command | None:
    """A plugin's command, with `--db` and `--as` added unless it has such options of its own.

    None if nobody supplies it. `Told` names the distribution where the project keeps one for it.
    """
    from peerkit.cli.options import as_option, db_option

    supplied = _supplied()
    below = [record for place, (record, _command) in supplied.items() if place.startswith(f"{path} ")]
    if path not in supplied:
        if below:
            whose = ", ".join(dict.fromkeys(record.dist or record.name for record in below))
            told = speaking.say(_("Commands of {plugins}.", plugins=whose))
            group = Group(path.rpartition(" ")[2], help=told)
            group.path = path
            return group
        if path in ELSEWHERE:
            raise exits.Told(speaking.say(_missing(path)), exits.PLUGIN)
        return None
    record, supply = supplied[path]
    try:
        command = supply.load()
    except PeerkitError:
        raise
    except Exception as error:  # noqa: BLE001  # likewise
        raise exits.plugin_fault(error, record, supply.load) from None
    if not isinstance(command, click.Command):
        wrong = _(
            "Error: plugin {plugin}: its command {path} is no click command", plugin=record.label, path=path
        )
        raise exits.Told(speaking.say(wrong), exits.PLUGIN)
    own = getattr(supply.help, "catalogue", None)
    command = copy.copy(command if own is None else speaking.localized(command, own))
    taken = {option for parameter in command.params for option in parameter.opts}
    added = [option for option in (db_option(), as_option()) if not taken.intersection(option.opts)]
    command.params = [*command.params, *map(speaking.option, added)]
    inner = command.invoke

    def invoke(ctx: click.Context) -> Any:
        ctx.ensure_object(App).plugin = record
        try:
            return inner(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, PeerkitError, OSError):
            raise
        except Exception as error:  # noqa: BLE001  # a plugin's code: its type and place, not its text
            raise exits.plugin_fault(error, record, supply.load) from None

    command.invoke = invoke  # type: ignore[method-assign]
    return command


def _missing(path: str) -> Message:
    dist = ELSEWHERE[path]
    for record in installed():
        if record.dist == dist:
            return _(
                "Error: {command} is of {plugin}, which is {status}: {why}",
                command=f"`peerkit {path}`",
                plugin=record.label,
                status=speaking.label("plugin", "status", record.status),
                why=record.error,
            )
    return _("Error: {command} needs {dist}: pip install {dist}", command=f"`peerkit {path}`", dist=dist)


@click.command(
    cls=Root,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Plugins may add commands: `peerkit plugins` lists them. Each command has its own --help.",
)
@click.option(
    speaking.OPTION,
    metavar="LANGUAGE",
    expose_value=False,
    help="Speak this language, such as fr; it may stand anywhere in the line. Else as PEERKIT_LANG says.",
)
@click.version_option(__version__, prog_name="peerkit")
@click.pass_context
def main(ctx: click.Context) -> None:
    r"""Formal peer support on the command line.

    A program is one database. Found one with `peerkit init --db sqlite:///program.db`, name it with
    --db or in PEERKIT_DB from then on, and see `peerkit demo` for what it is all about.

    You act as yourself: the operating system's login is linked to a person of the program. Nothing
    asks a question unless you sit at a terminal.

    In danger, or beside somebody who is? In Canada and the United States call or text 9-8-8 for
    suicide crisis help, 9-1-1 for an emergency. peerkit never dials.
    """
    ctx.ensure_object(App)
