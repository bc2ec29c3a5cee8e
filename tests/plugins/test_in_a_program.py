# SPDX-License-Identifier: Apache-2.0
"""A program on a real file, and the plugins that come, change, break and go while it lives."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from beside import DISABLED, NAMES

import peerkit
from peerkit import Person, Refused
from peerkit.kit import accept
from peerkit.ports import Query

SETTINGS = {
    "name": "Garden",
    "timezone": "America/Toronto",
    "region": "CA-ON",
    "coordinator": {"name": "Robin"},
    "uncovered": "Mon-Sun 00:00-24:00",
}
GARDEN = """
from peerkit import hookimpl
from peerkit.hooks import Access

@hookimpl
def peerkit_supply():
    yield Access(reads={reads})

@hookimpl
def peerkit_check(proposal):
    return ()
"""


@pytest.fixture
def program(
    site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., peerkit.Kit]]:
    """Open the program, each time as a new process would find its plugins."""
    monkeypatch.syspath_prepend(str(site.folder))
    monkeypatch.setenv("PEERKIT_DISABLE_PLUGINS", DISABLED)
    url = f"sqlite:///{tmp_path}/program.db"
    opened: list[peerkit.Kit] = []

    def again(**options: Any) -> peerkit.Kit:
        for kit in opened:
            kit.close()
        for name in [name for name in sys.modules if name.startswith(("peerkit_garden", "peerkit_late"))]:
            del sys.modules[name]
        opened.append(peerkit.open(url, **options))
        return opened[-1]

    yield again
    for kit in opened:
        kit.close()


def listed(kit: peerkit.Kit) -> dict[str, str]:
    return {
        record.name: record.status
        for record in kit.plugins
        if record.origin == "found" and record.name not in NAMES
    }


def enrol(kit: peerkit.Kit) -> Person:
    robin = kit.storage.find(Query("person", limit=1)).rows[0].envelope.id
    with kit.session(actor=robin) as s:
        return s.save(Person.enrol(name="Maya"))


def test_a_program_takes_what_it_accepted(site: Any, program: Callable[..., peerkit.Kit]) -> None:
    site.install("peerkit-garden", "1.0", name="garden", source=GARDEN.format(reads={"person"}))
    assert listed(program(settings=SETTINGS)) == {"garden": "loaded"}

    site.install("peerkit-late", "0.4", name="late", source=GARDEN.format(reads={"task"}))
    kit = program()
    assert listed(kit) == {"garden": "loaded", "late": "proposed"}
    assert "peerkit_late" not in site.imported

    accept(kit, "peerkit-late")
    kit = program()
    assert listed(kit) == {"garden": "loaded", "late": "loaded"}
    assert all(record.configured for record in kit.plugins if record.status == "loaded")
    enrol(kit)


def test_wanting_more_waits_and_holds_up_what_its_check_would_judge(
    site: Any, program: Callable[..., peerkit.Kit]
) -> None:
    site.install("peerkit-garden", "1.0", name="garden", source=GARDEN.format(reads={"person"}))
    enrol(program(settings=SETTINGS))
    site.remove("peerkit-garden", "1.0")
    site.install("peerkit-garden", "2.0", name="garden", source=GARDEN.format(reads={"person", "concern"}))

    kit = program()
    assert listed(kit) == {"garden": "proposed"}
    with pytest.raises(Refused) as refused:
        enrol(kit)
    assert refused.value.codes == ("check-missing",)
    assert "peerkit plugins accept garden" in str(refused.value)

    accept(kit, "garden")
    kit = program()
    assert listed(kit) == {"garden": "loaded"}
    enrol(kit)


def test_a_broken_plugin_holds_up_no_alarm(site: Any, program: Callable[..., peerkit.Kit]) -> None:
    site.install("peerkit-garden", "1.0", name="garden", source=GARDEN.format(reads={"person"}))
    maya = enrol(program(settings=SETTINGS))
    site.remove("peerkit-garden", "1.0")
    site.install("peerkit-garden", "1.1", name="garden", source="import nowhere_to_be_found\n")

    kit = program()
    assert listed(kit) == {"garden": "failed"}
    with pytest.raises(Refused) as refused:
        enrol(kit)
    assert refused.value.codes == ("check-missing",)
    assert "plugin garden 1.1 (peerkit-garden)" in str(refused.value)
    assert kit.concern("She has not been seen since Tuesday", about=maya) is not None
    assert kit.storage.count(Query("alert")) == 1

    with pytest.raises(
        peerkit.PluginError, match=r"plugin garden 1\.1 \(peerkit-garden\): could not be imported"
    ):
        program(strict=True)
    enrol(program(block=["garden"]))


CLAIMS = """
from peerkit import hookimpl
from peerkit.hooks import Access, NotifierChannel

@hookimpl
def peerkit_supply():
    yield Access(reads={{"person"}})
    yield NotifierChannel("{channel}", lambda settings: None)

@hookimpl
def peerkit_check(proposal):
    return []
"""


def test_two_that_clash_leave_the_program_hearing(site: Any, program: Callable[..., peerkit.Kit]) -> None:
    """A new version of an accepted plugin comes in by itself, and claims what another has."""
    site.install("peerkit-garden", "1.0", name="garden", source=CLAIMS.format(channel="garden"))
    site.install("peerkit-late", "1.0", name="late", source=CLAIMS.format(channel="shed"))
    site.install("peerkit-well", "1.0", name="well", source=CLAIMS.format(channel="well"))
    maya = enrol(program(settings=SETTINGS))
    site.remove("peerkit-garden", "1.0")
    site.install("peerkit-garden", "1.1", name="garden", source=CLAIMS.format(channel="shed"))

    kit = program()
    assert listed(kit) == {"garden": "failed", "late": "failed", "well": "loaded"}
    told = {record.name: record.error for record in kit.plugins if record.status == "failed"}
    for error in told.values():
        assert "two plugins claim the notifier channel shed" in error
        assert "garden 1.1" in error
        assert "late 1.0" in error
    assert [problem.code for problem in kit.health().problems if problem.grave].count("plugin") == 2
    with pytest.raises(Refused) as refused:  # what their checks would judge waits for them
        enrol(kit)
    assert set(refused.value.codes) == {"check-missing"}
    assert kit.concern("She has not been seen since Tuesday", about=maya).reference
    assert kit.deliver().broken is False

    with pytest.raises(peerkit.PluginError, match="two plugins claim the notifier channel shed"):
        program(strict=True)
    with pytest.raises(peerkit.PluginError, match="two plugins claim the notifier channel shed"):
        peerkit.open("memory:")
    assert listed(program(block=["garden"]))["late"] == "loaded"


def test_one_that_claims_a_name_of_peerkits_fails_alone(
    site: Any, program: Callable[..., peerkit.Kit]
) -> None:
    site.install("peerkit-garden", "1.0", name="garden", source=CLAIMS.format(channel="garden"))
    program(settings=SETTINGS)
    site.remove("peerkit-garden", "1.0")
    site.install("peerkit-garden", "1.1", name="garden", source=CLAIMS.format(channel="console"))
    kit = program()
    assert listed(kit) == {"garden": "failed"}
    assert all(record.status == "loaded" for record in kit.plugins if record.origin == "built-in")
    assert kit.deliver().broken is False


def test_one_that_is_given_under_an_accepted_name_stops_no_delivery(
    site: Any, program: Callable[..., peerkit.Kit]
) -> None:
    site.install("peerkit-garden", "1.0", name="garden", source=CLAIMS.format(channel="garden"))
    program(settings=SETTINGS)

    class Garden:
        name = "garden"

        @peerkit.hookimpl
        def peerkit_check(self, proposal: Any) -> list[Any]:
            return []

    kit = program(plugins=[Garden()])
    assert {record.status for record in kit.plugins if record.name == "garden"} == {"failed"}
    assert kit.deliver().broken is False
