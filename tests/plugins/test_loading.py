# SPDX-License-Identifier: Apache-2.0
"""One plugin that cannot be loaded stops no other, is listed with its reason, and can be switched off."""

from __future__ import annotations

from typing import Any

import pytest


def test_an_import_that_raises_stops_no_other_plugin(site: Any) -> None:
    for name in ("one", "two", "four"):
        site.install(f"peerkit-{name}", name=name)
    site.install("peerkit-three", "0.3", name="three", source="import nowhere_to_be_found\n")

    found = site.load()

    assert {name: record["status"] for name, record in found.items()} == {
        "one": "loaded",
        "two": "loaded",
        "three": "failed",
        "four": "loaded",
    }
    assert found["three"]["version"] == "0.3"
    assert found["three"]["error"] == (
        "could not be imported: it raised ModuleNotFoundError at peerkit_three:2: "
        "No module named 'nowhere_to_be_found'"
    )
    assert not found["three"]["configured"]
    assert "plugin three 0.3 (peerkit-three): could not be imported" in site.stderr


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("raise SystemExit(3)\n", "could not be imported: it raised SystemExit at peerkit_odd:2: 3"),
        ("class Panic(BaseException): pass\nraise Panic\n", "raised peerkit_odd.Panic at peerkit_odd:3"),
        ("def :\n", "SyntaxError"),
        ("", "no function of it is marked with @peerkit.hookimpl"),
        (
            "from peerkit import hookimpl\n@hookimpl\ndef peerkit_supply(): raise LookupError('s3cret')\n",
            "could not supply: it raised LookupError at peerkit_odd:4",
        ),
    ],
    ids=["exit", "panic", "syntax", "empty", "supply"],
)
def test_other_ways_of_failing_are_listed_too(site: Any, source: str, told: str) -> None:
    site.install("peerkit-odd", name="odd", source=source)
    site.install("peerkit-fine", name="fine")

    found = site.load()

    assert found["fine"]["status"] == "loaded"
    assert found["odd"]["status"] == "failed"
    assert told in found["odd"]["error"]
    assert "s3cret" not in found["odd"]["error"] + site.stderr


def test_a_register_that_raises_stops_no_other_plugin(site: Any) -> None:
    source = "class Odd:\n    def __dir__(self):\n        raise RuntimeError('not today')\n\nplugin = Odd()\n"
    site.install("peerkit-odd", name="a-odd", source=source, target="peerkit_odd:plugin")
    site.install("peerkit-fine", name="fine")

    found = site.load()

    assert found["fine"]["status"] == "loaded"
    assert found["a-odd"]["status"] == "failed"
    assert found["a-odd"]["error"].startswith(
        "could not be registered: it raised RuntimeError at peerkit_odd:4"
    )


def test_an_entry_point_to_nothing_or_to_a_class_is_listed(site: Any) -> None:
    site.install("peerkit-gone", name="gone", target="peerkit_gone:plugin")
    site.install("peerkit-cls", name="cls", source="class Plugin:\n    pass\n", target="peerkit_cls:Plugin")

    found = site.load()

    assert "AttributeError" in found["gone"]["error"]
    assert found["cls"]["error"] == "it is the class Plugin: give an instance, Plugin(), or a module"


@pytest.mark.parametrize("blocked", ["garden", "peerkit-garden", "Peerkit_Garden"])
@pytest.mark.parametrize("by", ["option", "environment"])
def test_a_blocked_plugin_is_not_even_imported(site: Any, blocked: str, by: str) -> None:
    site.install("peerkit-garden", "2.1", name="garden")
    site.install("peerkit-other", name="other")

    if by == "option":
        found = site.load(block=[blocked])
    else:
        found = site.load(env={"PEERKIT_DISABLE_PLUGINS": f" {blocked} ,"})

    assert site.imported == ["peerkit_other"]
    assert (found["garden"]["status"], found["garden"]["version"]) == ("blocked", "2.1")


def test_names_are_compared_as_installers_do(site: Any) -> None:
    site.install("Their.Garden", name="Garden_Path", module="their_garden")

    assert site.load(block=["their-garden"])["Garden_Path"]["status"] == "blocked"
    assert site.load(block=["garden-path"])["Garden_Path"]["status"] == "blocked"
    assert site.imported == []


@pytest.mark.parametrize("env", ["1", "true", ""])
def test_the_environment_can_switch_all_discovery_off(site: Any, env: str) -> None:
    site.install("peerkit-garden", name="garden")

    found = site.load(env={"PEERKIT_NO_PLUGIN_AUTOLOAD": env})

    assert (site.imported == []) == bool(env)
    assert (found == {}) == bool(env)


@pytest.mark.parametrize("by", ["option", "environment"])
def test_strict_refuses_what_fails_and_names_all(site: Any, by: str) -> None:
    site.install("peerkit-one", "1.1", name="one", source="import nowhere_to_be_found\n")
    site.install("peerkit-two", "2.2", name="two", source="1 / 0\n")
    site.install("peerkit-fine", name="fine")

    strict = {"strict": True} if by == "option" else {"env": {"PEERKIT_STRICT_PLUGINS": "1"}}
    told = site.load(**strict)

    assert "plugin one 1.1 (peerkit-one): could not be imported" in told
    assert "plugin two 2.2 (peerkit-two): could not be imported: it raised ZeroDivisionError" in told


def test_two_distributions_with_one_name_are_an_error_that_names_both(site: Any) -> None:
    site.install("peerkit-garden", "1.0", name="garden")
    site.install("their-garden", "7.5", name="garden")

    told = site.load()

    assert told == (
        "two plugins are called garden: garden 1.0 (peerkit-garden) and garden 7.5 (their-garden). "
        "Remove one, or block it by its distribution"
    )
    assert site.imported == []
    assert site.load(block=["their-garden"])["garden"]["dist"] == "peerkit-garden"
    assert site.imported == ["peerkit_garden"]


def test_a_distribution_that_cannot_be_read_hides_no_other(site: Any) -> None:
    site.install("peerkit-fine", name="fine")
    site.install("peerkit-torn", "0.9", name="torn")
    (site.folder / "peerkit_torn-0.9.dist-info" / "entry_points.txt").write_bytes(
        b"[peerkit.plugins]\n\xff\xfe = \n"
    )

    found = site.load()

    assert found["fine"]["status"] == "loaded"
    assert found["peerkit-torn"]["status"] == "failed"
    assert found["peerkit-torn"]["error"] == "its entry_points.txt cannot be read: install it again"


def test_a_distribution_without_metadata_is_loaded_all_the_same(site: Any) -> None:
    site.install("peerkit-bare", name="bare")
    (site.folder / "peerkit_bare-1.0.dist-info" / "METADATA").unlink()

    found = site.load()

    assert found["bare"]["status"] == "loaded"
