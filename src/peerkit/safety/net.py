# SPDX-License-Identifier: Apache-2.0
"""What to do now and whom to phone, kept in memory should the store fail."""

from __future__ import annotations

from typing import Any, Self


class Net:
    """Kept since `open`."""

    @classmethod
    def read(cls, kit: Any) -> Self:
        """Read it from the program's settings."""
        del kit
        return cls()
