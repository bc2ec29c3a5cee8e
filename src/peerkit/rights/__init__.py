# SPDX-License-Identifier: Apache-2.0
"""Who may read and record what: a table of data, the roles that derive from records, the scope."""

from peerkit.rights.grants import GRANT_KINDS, Grants, derive
from peerkit.rights.table import CORE, Rights, Row, hidden_from, parse, rows_for

__all__ = ["CORE", "GRANT_KINDS", "Grants", "Rights", "Row", "derive", "hidden_from", "parse", "rows_for"]
