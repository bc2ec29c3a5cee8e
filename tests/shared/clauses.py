# SPDX-License-Identifier: Apache-2.0
"""The clauses of modules, and whether one fails on a module."""

from __future__ import annotations

import pytest

from peerkit.testing import Module, ModuleConformance

SUITE = ModuleConformance()
CLAUSES = {made.number: made for made in ModuleConformance.clauses()}


def fails(number: str, backend: Module) -> bool:
    """Whether a clause fails on a module."""
    [name] = [name for name in dir(SUITE) if name.startswith(f"test_{number.lower().replace('-', '_')}_")]
    try:
        getattr(SUITE, name)(backend)
    except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001  # whichever, the clause failed
        return error.__notes__[-1].startswith(number)
    return False
