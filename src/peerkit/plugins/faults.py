# SPDX-License-Identifier: Apache-2.0
"""What is said of an error of somebody else's: its type and where it rose, never its text.

A plugin's exception may quote whatever it was handed. Its type and line do not.
"""

from __future__ import annotations

from types import TracebackType

from peerkit.errors import PeerkitError, PluginError
from peerkit.texts.refusals import explained

LONGEST = 300
"""Characters of an import error's text that are kept."""
_OURS = ("peerkit.plugins", "importlib")


def stops(error: BaseException) -> bool:
    """Whether the error is not the plugin's: somebody wants the program, or this generator, to end."""
    return isinstance(error, KeyboardInterrupt | GeneratorExit)


class Misused(PluginError):
    """A plugin broke its side of the hooks. peerkit wrote `reason` itself: no value is in it."""

    def __init__(self, label: str, reason: str) -> None:
        super().__init__(f"plugin {label}: {reason}")
        self.reason = reason


def reason(error: BaseException, package: str) -> str:
    """`raised KeyError at garden.rules:14`, or peerkit's own words where the error is its own."""
    if isinstance(error, Misused):
        return error.reason
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    at = _place(error.__traceback__, package)
    return f"raised {name}{f' at {at}' if at else ''}"


def reason_with_text(error: BaseException, package: str) -> str:
    """`reason`, and what the error says: for an import, when nobody's data has been read yet."""
    return _with(reason(error, package), error)


def reason_at_supply(error: BaseException, package: str) -> str:
    """`reason`, and what peerkit's own errors say. Others may quote a setting, a password among them."""
    found = reason(error, package)
    return _with(found, error) if isinstance(error, PeerkitError) else found


def told(error: Exception) -> str:
    """What was wrong with a file: what peerkit's own error says, or the type of another."""
    return explained(error) if isinstance(error, PeerkitError) else f"it {reason(error, '')}"


def _with(found: str, error: BaseException) -> str:
    if isinstance(error, Misused):
        return found
    try:
        text = " ".join(str(error).split())
    except Exception:  # noqa: BLE001  # an error that cannot even be written: its type and place must do
        text = ""
    return f"{found}: {text[:LONGEST]}" if text else found


def _place(trace: TracebackType | None, package: str) -> str:
    """Where it rose: the deepest line of the plugin's own package, else the deepest of all."""
    own = deepest = ""
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", "?"))
        if package and (module == package or module.startswith(f"{package}.")):
            own = f"{module}:{trace.tb_lineno}"
        if not module.startswith(_OURS):
            deepest = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return own or deepest
