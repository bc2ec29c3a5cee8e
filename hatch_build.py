# SPDX-License-Identifier: Apache-2.0
"""Compiles the translations (`.po`, which people edit) into what the standard library reads (`.mo`).

Hatch calls it for each wheel and each editable installation; `uv run` notices a changed `.po` and installs
anew (`cache-keys` in pyproject.toml). Compiled files are not kept in the repository: two branches could not
be merged.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""Stands in every compiled catalogue, so that two builds of the same source are the same."""


def compiled(po: bytes) -> bytes:
    """A catalogue as `.mo`. What is marked fuzzy is left out: nobody has confirmed it."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    catalogue = read_po(io.BytesIO(po), abort_invalid=True)
    catalogue.creation_date = catalogue.revision_date = ANY_DAY
    made = io.BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


class Translations(BuildHookInterface):  # type: ignore[type-arg,misc]  # hatchling is there when it builds
    """The build hook."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every catalogue beside its source."""
        del version
        for po in sorted(Path(self.root, "src", "peerkit", "texts").glob("*/LC_MESSAGES/*.po")):
            mo = po.with_suffix(".mo")
            mo.write_bytes(compiled(po.read_bytes()))
            build_data["artifacts"].append(mo.relative_to(self.root).as_posix())
