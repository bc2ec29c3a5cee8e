# SPDX-License-Identifier: Apache-2.0
"""The command line: `peerkit`. Needs the extra `cli` (`pip install 'peerkit[cli]'`).

Commands are imported when they are called, so that `peerkit --help` costs little more than the
library's own imports. What a plugin's command may count on stands in `docs/reference/cli.md`.
"""

from __future__ import annotations

import sys

try:
    from peerkit.cli.root import main
except ModuleNotFoundError as missing:
    if missing.name != "click":
        raise
    sys.exit("The command line needs two more libraries: pip install 'peerkit[cli]'")

__all__ = ["main"]
