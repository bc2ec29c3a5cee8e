# SPDX-License-Identifier: Apache-2.0
"""Who may read and record what: a table of data, the roles that derive from records, the scope."""

from peerkit.rights.core import CORE
from peerkit.rights.exceptions import BECAUSE, EXCEPTIONS, kept_from
from peerkit.rights.grants import CAME_OF, GRANT_KINDS, After, Grants, derive
from peerkit.rights.lines import Row, parse, rows_for
from peerkit.rights.table import HIDING, Rights

__all__ = [
    "BECAUSE",
    "CAME_OF",
    "CORE",
    "EXCEPTIONS",
    "GRANT_KINDS",
    "HIDING",
    "After",
    "Grants",
    "Rights",
    "Row",
    "derive",
    "kept_from",
    "parse",
    "rows_for",
]
