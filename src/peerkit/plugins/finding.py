# SPDX-License-Identifier: Apache-2.0
"""What is installed, and what is switched off. Nothing here imports a plugin."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import attrs

from peerkit.errors import PluginError
from peerkit.hooks.packs import Pack, pack
from peerkit.texts import Message, _, joined, verbatim

if TYPE_CHECKING:
    from importlib.metadata import Distribution, EntryPoint

GROUP = "peerkit.plugins"
"""The entry-point group in which a distribution names its plugins."""

FOLDERS = "PEERKIT_PACKS"
"""The variable that names folders of packs, apart as in `PATH`; such a plugin is said to be from there."""

_TORN = _("its entry_points.txt cannot be read: install it again")
_OFF = frozenset({"", "0", "false", "no", "off"})


def canonical(name: str) -> str:
    """A name as installers compare it: case and `-`, `_`, `.` make no difference."""
    return re.sub(r"[-_.]+", "-", name).lower()


def label(name: str, version: str, place: str) -> Message:
    """What a plugin is called in sentences: its name, its version, and the distribution or the folder that it
    is from, where it is from one: `garden 1.2 (peerkit-garden)`."""
    told = verbatim(f"{name} {version}") if version else _("{name} without a version", name=name)
    return joined([told, verbatim(f"({place})")]) if place else told


@attrs.frozen
class Switches:
    """What may load.

    The environment adds to what the program says, and takes nothing back: PEERKIT_DISABLE_PLUGINS
    (names of plugins or distributions, separated by commas), PEERKIT_NO_PLUGIN_AUTOLOAD and
    PEERKIT_STRICT_PLUGINS (anything but `0`, `false`, `no` and `off`).
    """

    block: frozenset[str]
    discover: bool
    strict: bool

    @classmethod
    def read(
        cls,
        environ: Mapping[str, str],
        *,
        block: Iterable[str] = (),
        discover: bool = True,
        strict: bool = False,
    ) -> Switches:
        """The switches of this program, in this environment."""
        if isinstance(block, str):
            raise PluginError("block= takes a list of names, such as block=['garden']")
        named = [*block, *environ.get("PEERKIT_DISABLE_PLUGINS", "").split(",")]
        return cls(
            block=frozenset(canonical(name.strip()) for name in named if name.strip()),
            discover=discover and not _on(environ, "PEERKIT_NO_PLUGIN_AUTOLOAD"),
            strict=strict or _on(environ, "PEERKIT_STRICT_PLUGINS"),
        )

    def blocks(self, *names: str) -> bool:
        """Whether one of these names, of a plugin or its distribution, is switched off."""
        return any(canonical(name) in self.block for name in names if name)


def _on(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").strip().lower() not in _OFF


@attrs.frozen
class Candidate:
    """An installed plugin, not imported, or a folder with a pack. `error` stands where its distribution, or
    the folder, cannot be read."""

    name: str
    dist: str
    version: str
    point: EntryPoint | None = None
    error: str = ""
    pack: Pack | None = None

    @property
    def label(self) -> Message:
        """Name, version and where it is from, for sentences: a pack has its folder."""
        return label(self.name, self.version, str(self.pack.folder) if self.pack is not None else self.dist)

    @property
    def package(self) -> str:
        """The top package that importing it imports."""
        return self.point.module.partition(".")[0] if self.point is not None else ""


def installed() -> list[Candidate]:
    """The plugins installed here, and the packs in folders that the environment names, by name."""
    import importlib.metadata  # costs as much as attrs, and only a search needs it

    try:
        points = list(importlib.metadata.entry_points(group=GROUP))
    except Exception:  # noqa: BLE001  # one broken distribution: the others must be found all the same
        found = [candidate for dist in importlib.metadata.distributions() for candidate in _of(dist)]
    else:
        found = [_candidate(point, point.dist) for point in points]
    return sorted([*found, *_folders(os.environ)], key=lambda one: (one.name, one.dist))


def _folders(environ: Mapping[str, str]) -> list[Candidate]:
    named = dict.fromkeys(filter(None, environ.get(FOLDERS, "").split(os.pathsep)))
    if not named:
        return []
    from peerkit.plugins import packing  # only where somebody names a folder

    packs = dict.fromkeys(pack(folder) for folder in named)
    heads = [(one, packing.head(one)) for one in packs]
    return [Candidate(head.name, FOLDERS, head.version, None, head.error, one) for one, head in heads]


def _of(dist: Distribution) -> list[Candidate]:
    try:
        text = dist.read_text("entry_points.txt") or ""
        if GROUP not in text:
            return []
        return [_candidate(point, dist) for point in dist.entry_points if point.group == GROUP]
    except Exception:  # noqa: BLE001  # whatever is wrong with it, it is listed and the rest goes on
        name, version = _identity(dist)
        return [Candidate(name, name, version, error=_TORN)]


def _candidate(point: EntryPoint, dist: Distribution | None) -> Candidate:
    name, version = _identity(dist) if dist is not None else ("", "")
    return Candidate(point.name, name, version, point)


def _identity(dist: Distribution) -> tuple[str, str]:
    """Name and version as its metadata says, or as little as can be read of them."""
    return _field(dist, "Name") or "unnamed", _field(dist, "Version")


def _field(dist: Distribution, name: str) -> str:
    try:
        return str(dist.metadata[name] or "")
    except Exception:  # noqa: BLE001  # no metadata, or none of that name: still listed
        return ""
