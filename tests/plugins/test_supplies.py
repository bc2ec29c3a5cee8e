# SPDX-License-Identifier: Apache-2.0
"""Supplies come by their class, and no name belongs to two plugins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from beside import DISABLED

from peerkit import Operational, Record, act, hookimpl, hooks, ports, record
from peerkit.errors import PeerkitError, PluginError, StorageError
from peerkit.hooks import (
    Access,
    Command,
    CourseRule,
    ExportFormat,
    GoalTemplate,
    Instrument,
    Kind,
    Label,
    NotifierChannel,
    ReportSection,
    Resource,
    StorageBackend,
    Wording,
    WordList,
)
from peerkit.plugins import Plugins
from peerkit.plugins.supplying import SUPPLIES
from peerkit.texts import _

TABLE = """
of from act  to who    strength
-  -    plan =  anyone none
"""


GARDEN = """
format = 1
id = "garden"
version = "1"
title = "Gardening"
outcomes = [{ id = "begun" }]
sources = [{ title = "t", publisher = "p", seen = "seen", says = "s" }]
"""


WORDS = """
instrument = "weather"
version = "1"
texts = [{ language = "EN" }]
"""


def kind(name: str, **options: bool) -> type[Record]:
    @record(name, TABLE, **options)
    class Visit(Record):
        gardener: Operational[str] = ""

        @classmethod
        @act
        def plan(cls, *, by: Any = None) -> Any:  # every act takes it
            return cls()

    return Visit


def backend(scheme: str, api: int = ports.API) -> StorageBackend:
    return StorageBackend(scheme, lambda *_: None, ports.Capabilities(scheme, api=api))  # type: ignore[arg-type, return-value]


def plugin(name: str, *supplies: Any, version: str = "1.0") -> SimpleNamespace:
    @hookimpl
    def peerkit_supply() -> Any:
        yield from supplies

    return SimpleNamespace(name=name, __version__=version, peerkit_supply=peerkit_supply)


EACH = {
    "kind visit": lambda: Kind(kind("visit")),
    "instrument weather": lambda: Instrument('id = "weather"\n', "weather.toml"),
    "wording weather 1 en": lambda: Wording(WORDS, "weather-en.toml"),
    "course rule garden": lambda: CourseRule(GARDEN, "garden.toml"),
    "storage scheme shed": lambda: backend("shed"),
    "notifier channel pigeon": lambda: NotifierChannel("pigeon", lambda _: None),  # type: ignore[arg-type, return-value]
    "export format seeds": lambda: ExportFormat("seeds", lambda: None),  # type: ignore[arg-type, return-value]
    "command garden visits": lambda: Command("garden  visits", "Lists visits.", lambda: None),
    "word list kind words en": lambda: WordList("kind words", "en", "our own"),
    "label task what beans": lambda: Label("task", "what", "beans", "look after the beans"),
    "report section beans": lambda: ReportSection("beans", "Beans", lambda _period: ()),
    "resource bean-book": lambda: Resource(
        id="bean-book", title="Beans", publisher="Our own", about="toolkits", purpose=_("How beans grow.")
    ),
    "goal template beans en": lambda: GoalTemplate("beans", "Water the beans", "a garden is near", "our own"),
}


def test_every_class_of_supplies_is_known() -> None:
    from typing import get_args

    assert set(get_args(hooks.Supply)) == set(SUPPLIES)
    assert {type(make()) for make in EACH.values()} | {Access} == set(SUPPLIES)


def test_supplies_are_asked_for_by_class(load: Callable[..., Plugins]) -> None:
    one, two = Kind(kind("visit")), Kind(kind("harvest"))
    words = WordList("kind words", "en", "our own")

    plugins = load(plugin("one", one, words), plugin("two", Access(reads={"task"}), two))

    assert [(r.name, s) for r, s in plugins.supplies(Kind)] == [("one", one), ("two", two)]
    assert [(r.name, s) for r, s in plugins.supplies(WordList)] == [("one", words)]
    assert plugins.supplies(Command) == ()
    assert [r.kinds for r in plugins] == [("visit",), ("harvest",)]
    assert [r.access for r in plugins] == [None, Access(reads={"task"})]


@pytest.mark.parametrize("name", EACH)
def test_a_name_claimed_twice_names_both_plugins(name: str) -> None:
    plugins = [plugin("one", EACH[name](), version="1.1"), plugin("two", EACH[name](), version="2.2")]

    with pytest.raises(PluginError, match="two plugins claim") as caught:
        Plugins.load(given=plugins, discover=False)

    assert str(caught.value).startswith(f"two plugins claim the {name}: one 1.1 and two 2.2. Block one")


@pytest.mark.parametrize("name", EACH)
def test_claimed_twice_by_one_plugin_is_that_plugins_fault(load: Callable[..., Plugins], name: str) -> None:
    [record] = load(plugin("one", EACH[name](), EACH[name]()))
    assert record.status == "failed"
    assert record.error == f"could not supply: it supplies the {name} twice"


@pytest.mark.parametrize(
    ("name", "supply"),
    [("kind person", Kind(kind("person"))), ("instrument asq", Instrument('id = "asq"', "a.toml"))],
    ids=["kind", "instrument"],
)
def test_what_peerkit_has_no_plugin_replaces(name: str, supply: Any) -> None:
    with pytest.raises(PluginError, match=rf"two plugins claim the {name}: peerkit [0-9.a-z]+ and one 1\.0"):
        Plugins.load(given=[plugin("one", supply)], discover=False)


def test_one_plugin_may_supply_editions_of_an_instrument(load: Callable[..., Plugins]) -> None:
    editions = [Instrument(f'id = "weather"\nversion = "{n}"', f"weather@{n}.toml") for n in (1, 2)]

    [record] = plugins = load(plugin("one", *editions))

    assert record.status == "loaded"
    assert [supply for _, supply in plugins.supplies(Instrument)] == editions
    with pytest.raises(PluginError, match="two plugins claim the instrument weather: one"):
        Plugins.load(given=[plugin("one", editions[0]), plugin("two", editions[1])], discover=False)


def test_a_command_cannot_stand_where_another_has_subcommands() -> None:
    def command(path: str) -> Command:
        return Command(path, "", lambda: None)

    with pytest.raises(PluginError, match=r"the command garden: two 1\.0 and one 1\.0"):
        Plugins.load(
            given=[plugin("one", command("garden visits")), plugin("two", command("garden"))], discover=False
        )


@pytest.mark.parametrize(
    ("supply", "told"),
    [
        ("a text", "supplies a str, which peerkit does not know"),
        (Kind(object), "a Kind takes a class made with @record"),  # type: ignore[arg-type]
        (Kind(Record), "a Kind takes a class made with @record"),
        (backend("Shed!"), "a storage's scheme has small letters, digits, +, - and ."),
        (backend("shed", api=ports.API + 1), f"speaks version {ports.API + 1} of the storage port"),
        (Instrument("title = 'no id'\n", "w.toml"), "the instrument w.toml has no id"),
        (Instrument("= 3", "w.toml"), "raised peerkit.errors.Malformed"),
        (NotifierChannel("", lambda _: None), "supplies a notifier channel without a name"),  # type: ignore[arg-type, return-value]
        (Kind(kind("siren", lane=True)), "supplies the kind siren for the safety lane or the kit"),
        (Kind(kind("ledger", kit_only=True)), "supplies the kind ledger for the safety lane or the kit"),
    ],
    ids=range(10),
)
def test_a_supply_that_cannot_be_used_is_said_plainly(
    load: Callable[..., Plugins], supply: Any, told: str
) -> None:
    [record] = load(plugin("one", Access(reads={"task"}), supply))
    assert record.status == "failed"
    assert told in record.error


@pytest.mark.parametrize("given", [Access(), "text", 3, [Access(), Access()]])
def test_what_supply_gives_back_is_judged(load: Callable[..., Plugins], given: Any) -> None:
    @hookimpl
    def peerkit_supply() -> Any:
        return given

    [record] = load(SimpleNamespace(name="one", peerkit_supply=peerkit_supply))
    assert record.status == "failed"
    assert record.error.startswith("could not supply: it ")


def test_access_takes_no_bare_text() -> None:
    with pytest.raises(PeerkitError, match="sets of kinds"):
        Access(reads="goal_plan")


# -- storages --------------------------------------------------------------------------------------


def test_a_storage_is_found_by_its_scheme(load: Callable[..., Plugins]) -> None:
    shed = backend("shed")
    record, found = load(plugin("one", shed)).storage("shed")
    assert (record.name, found) == ("one", shed)


def test_an_unknown_scheme_says_which_there_are(load: Callable[..., Plugins]) -> None:
    with pytest.raises(StorageError, match="There is: barn:, shed:"):
        load(plugin("one", backend("shed"), backend("barn"))).storage("cellar")


@pytest.mark.parametrize("scheme", ["shed", "shed+tls"])
def test_a_storage_whose_plugin_failed_is_never_called_unknown(
    site: Any, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.syspath_prepend(str(site.folder))
    monkeypatch.setenv("PEERKIT_DISABLE_PLUGINS", DISABLED)
    site.install("peerkit-shed", "1.2", name="wooden", source="import nowhere_to_be_found\n")

    plugins = Plugins.load()

    with pytest.raises(PluginError, match=r"plugin wooden 1\.2 \(peerkit-shed\).*nowhere_to_be_found"):
        plugins.storage(scheme)


def test_the_peerkit_opened_with_a_failed_storage_refuses(site: Any, tmp_path: Path) -> None:
    """A configured storage that fails: `open` names plugin and version."""
    import os
    import subprocess
    import sys

    site.install("peerkit-shed", "1.2", name="shed", source="1 / 0\n")
    code = """
import peerkit
try:
    peerkit.open('shed://here')
except peerkit.PluginError as error:
    print(error)
"""
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(site.folder), "PEERKIT_DISABLE_PLUGINS": DISABLED},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "plugin shed 1.2 (peerkit-shed), which is not usable: could not be imported" in ran.stdout


@pytest.mark.parametrize("name", EACH)
def test_in_a_program_two_that_claim_one_name_are_both_listed_as_failed(name: str) -> None:
    made = [plugin("one", EACH[name](), version="1.1"), plugin("two", EACH[name](), version="2.2")]
    made.append(plugin("three", WordList("other words", "en", "our own")))
    plugins = Plugins.load(given=made, discover=False, accepted={})
    assert [record.status for record in plugins] == ["failed", "failed", "loaded"]
    assert all("one 1.1 and two 2.2" in record.error for record in plugins[:2])
    assert [record.name for record, _ in plugins.supplies(WordList)] == ["three"]
    with pytest.raises(PluginError, match=r"one 1\.1 and two 2\.2"):
        Plugins.load(given=made, discover=False, accepted={}, strict=True)


def test_in_a_program_both_ends_of_a_command_and_its_subcommand_fail() -> None:
    made = [
        plugin("one", Command("garden visits", "", lambda: None)),
        plugin("two", Command("garden", "", lambda: None)),
    ]
    plugins = Plugins.load(given=made, discover=False, accepted={})
    assert [record.status for record in plugins] == ["failed", "failed"]


def test_the_storage_of_two_that_clash_refuses_and_names_both() -> None:
    made = [plugin("one", backend("barn")), plugin("two", backend("barn"))]
    plugins = Plugins.load(given=made, discover=False, accepted={})
    with pytest.raises(PluginError, match=r"the storage scheme barn: one 1\.0 and two 1\.0"):
        plugins.storage("barn")
