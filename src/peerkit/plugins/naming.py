# SPDX-License-Identifier: Apache-2.0
"""What an object is called that a program gives as a plugin, and whether it is what is installed."""

from __future__ import annotations

import inspect
import sys
from typing import Any

from peerkit.hooks import Pack
from peerkit.plugins.finding import Candidate


def is_module(plugin: object) -> bool:
    """Whether it is a module."""
    return type(plugin) is type(sys)


def is_the(plugin: Any, one: Candidate) -> bool:
    """Whether this module is what the entry point names, or this pack the folder."""
    if isinstance(plugin, Pack):
        return one.pack == plugin
    return one.point is not None and is_module(plugin) and one.point.value.strip() == plugin.__name__


def described(plugin: object) -> tuple[str, str, str]:
    """Name, distribution and version of an object that was given.

    They are its own `name` and `__version__`, else its class's or module's name and the version of its
    package; of a pack what its file says.
    """
    if isinstance(plugin, Pack):
        from peerkit.plugins import packing  # only where there is one

        head = packing.head(plugin)
        return head.name, "", head.version
    name: Any = inspect.getattr_static(plugin, "name", None)  # runs nothing of the plugin's
    if not (isinstance(name, str) and name):
        named = plugin if isinstance(plugin, type) or is_module(plugin) else type(plugin)
        name = getattr(named, "__name__", "")
    version: Any = inspect.getattr_static(plugin, "__version__", None)
    if not isinstance(version, str):
        version = getattr(sys.modules.get(package_of(plugin)), "__version__", "")
    return str(name), "", version if isinstance(version, str) else ""


def package_of(plugin: object) -> str:
    """The top package that it is from."""
    module = getattr(plugin, "__name__", "") if is_module(plugin) else getattr(plugin, "__module__", "")
    return str(module or "").partition(".")[0]
