# SPDX-License-Identifier: Apache-2.0
"""Whether a plugin's hooks have the right form.

pluggy lets most of these faults pass until the call, when somebody is waiting.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from types import FunctionType
from typing import Any

import attrs
import pluggy

from peerkit import hooks
from peerkit.hooks import specs

HOOKS: Mapping[str, tuple[str, ...]] = {
    name: tuple(inspect.signature(spec).parameters)
    for name, spec in vars(specs).items()
    if getattr(spec, f"{hooks.PROJECT}_spec", None) is not None
}
"""Each hook's name, and the names of its arguments in order."""

_BANDS = (("tryfirst", 0), ("trylast", 2))


@attrs.frozen
class Hook:
    """One marked function of a plugin."""

    attribute: str
    name: str
    function: Callable[..., Any]
    options: Mapping[str, Any]

    @property
    def band(self) -> int:
        """0 for `tryfirst`, 2 for `trylast`, else 1."""
        return next((band for option, band in _BANDS if self.options.get(option)), 1)

    def call(self) -> Callable[..., Any]:
        """The function as it is called: with all the hook's arguments, in order."""
        given = HOOKS[self.name]
        taken = tuple(given.index(name) for name in inspect.signature(self.function).parameters)
        if taken == tuple(range(len(given))):
            return self.function
        function = self.function
        return lambda *args: function(*[args[index] for index in taken])


def marked(manager: pluggy.PluginManager, plugin: object) -> tuple[Hook, ...]:
    """The functions that carry `peerkit.hookimpl`, in the order of their names."""
    found = []
    for attribute in dir(plugin):
        options = manager.parse_hookimpl_opts(plugin, attribute)
        if options is not None:
            name = options.get("specname") or attribute
            found.append(Hook(attribute, name, getattr(plugin, attribute), dict(options)))
    return tuple(found)


def fault(plugin: object, found: Iterable[Hook]) -> str:
    """All that is wrong with a plugin's hooks, in words; empty if nothing is."""
    if inspect.isclass(plugin):
        return f"it is the class {plugin.__name__}: give an instance, {plugin.__name__}(), or a module"
    found = tuple(found)
    told = [words for hook in found for words in _faults(hook)]
    taken = {hook.attribute for hook in found}
    forgotten = [name for name in HOOKS if name not in taken and _unmarked(plugin, name)]
    told += [f"{name} is not marked with @peerkit.hookimpl" for name in forgotten]
    if not found and not told:
        told.append("no function of it is marked with @peerkit.hookimpl")
    return "; ".join(told)


def unknown(name: str) -> str:
    """That there is no such hook, and which is probably meant."""
    import difflib  # wanted for a mistake only

    close = difflib.get_close_matches(name, HOOKS, n=1, cutoff=0.5)
    meant = f"{close[0]} is meant?" if close else f"the hooks are {', '.join(sorted(HOOKS))}"
    return f"there is no hook {name}: {meant}"


def _faults(hook: Hook) -> Iterable[str]:
    if hook.name not in HOOKS:
        return  # pluggy's check_pending says so, unless the plugin marked it as optional
    function, given = hook.function, HOOKS[hook.name]
    if hook.options.get("wrapper") or hook.options.get("hookwrapper"):
        yield f"{hook.name} is a wrapper: no plugin stands around another's hooks"
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        yield f"{hook.name} is async: hooks are plain functions"
        return
    inner = getattr(function, "__func__", None)
    if inner is not None and next(iter(inspect.signature(inner).parameters), None) in given:
        yield f"{hook.name} is a method without self"
        return
    takes = ", ".join(given)
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            yield f"{hook.name} has the keyword-only parameter {name}: take {takes} plainly"
        elif parameter.kind in {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}:
            yield f"{hook.name} gathers its arguments in {name}: take {takes} by name"
        elif name not in given:
            yield f"{hook.name} has the parameter {name}: it is called with {takes or 'nothing'}"


def _unmarked(plugin: object, name: str) -> bool:
    """Whether a function has a hook's name without its mark; an imported specification may."""
    here = inspect.getattr_static(plugin, name, None)
    here = getattr(here, "__func__", here)
    return isinstance(here, FunctionType) and not hasattr(here, f"{hooks.PROJECT}_spec")
