# SPDX-License-Identifier: Apache-2.0
"""Contracts as numbered clauses, each with a test that can fail.

A contract is a class of test methods, each marked `@clause("STO-001", …)`. Whoever implements the
port, or writes a module, subclasses it and gives one fixture, `backend`. A clause cannot be overridden or
dropped; what an implementation does not keep yet is named, with the reason, in `known_failures`, and becomes
a strict xfail: when it passes, the test fails until the line is taken out. Clauses of the mandatory groups
cannot be named there.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, TypeVar

import attrs
import pytest

F = TypeVar("F", bound=Callable[..., Any])

MANDATORY = frozenset({"atomic", "version", "guard", "feed", "scope", "erase"})
"""The groups of a storage's clauses that no capability and no known failure switches off."""

OF_MODULES = frozenset({"access", "alarm", "hooks", "leaving", "redaction", "removal", "rights", "upgrade"})
"""Those of a module's."""


@attrs.frozen
class Clause:
    """One promise of a port: its number, its sentence, the group that it belongs to.

    `requires` names a flag of the implementation's capabilities, without which the clause does not
    apply; `page` is where the clause stands in the documentation.
    """

    number: str
    sentence: str
    group: str
    requires: str = ""
    page: str = ""

    @property
    def mandatory(self) -> bool:
        """Whether nothing switches it off."""
        return self.group in MANDATORY | OF_MODULES


def clause(
    number: str,
    sentence: str,
    *,
    group: str,
    requires: str = "",
    page: str = "docs/reference/storage-port.md",
) -> Callable[[F], F]:
    """Mark a method as the test of a clause. Its name starts with the number: `test_sto_001_…`.

    A failure names the clause; what the backend opened is closed behind it.
    """
    made = Clause(number, sentence, group, requires, page)
    if requires and made.mandatory:
        raise TypeError(f"{number} is mandatory: no capability switches it off")

    def mark(method: F) -> F:
        if not method.__name__.startswith(f"test_{number.lower().replace('-', '_')}_"):
            raise TypeError(f"{number} is tested by a method whose name starts with its number")

        @functools.wraps(method)
        def run(self: Contract, backend: Any) -> None:
            try:
                if requires and not getattr(backend.capabilities, requires):
                    pytest.skip(f"{number} is for those that declare `{requires}`")
                method(self, backend)
            except (Exception, pytest.fail.Exception) as error:
                error.add_note(f"{number}: {sentence} (see {made.page})")
                raise
            finally:
                backend.close_all()

        run.__clause__ = made  # type: ignore[attr-defined]
        return run  # type: ignore[return-value]

    return mark


class Contract:
    """The base of contracts: no clause is lost in a subclass without anybody saying so."""

    known_failures: ClassVar[Mapping[str, str]] = {}
    """Clause numbers that the implementation does not keep yet, each with the reason."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        clauses = {one.number: (name, one) for name, one in _methods(cls)}
        for base in cls.__mro__[1:]:
            for name, made in _methods(base):
                if getattr(getattr(cls, name), "__clause__", None) != made:
                    raise TypeError(
                        f"{cls.__name__} overrides {made.number}: name it in known_failures instead"
                    )
        for number, reason in cls.known_failures.items():
            if number not in clauses:
                raise TypeError(f"{cls.__name__}: there is no clause {number} to fail")
            name, made = clauses[number]
            if made.mandatory:
                raise TypeError(f"{cls.__name__}: {number} is mandatory and cannot be a known failure")
            excused = pytest.mark.xfail(strict=True, reason=f"{number}: {reason}")
            setattr(cls, name, excused(_copy(getattr(cls, name))))

    @classmethod
    def clauses(cls) -> tuple[Clause, ...]:
        """Every clause of the contract, by number."""
        return tuple(sorted((made for _, made in _methods(cls)), key=lambda one: one.number))


def _methods(cls: type) -> Iterator[tuple[str, Clause]]:
    for name in dir(cls):
        made = getattr(getattr(cls, name, None), "__clause__", None)
        if isinstance(made, Clause):
            yield name, made


def _copy(method: Callable[..., Any]) -> Callable[..., Any]:
    """The same method, so that a mark put on it does not reach other subclasses."""

    @functools.wraps(method)
    def run(self: Contract, backend: Any) -> None:
        method(self, backend)

    return run
