# SPDX-License-Identifier: Apache-2.0
"""`uv run --group benchmarks python -m benchmarks`: every row of the table, or the rows that are named."""

from __future__ import annotations

import sys

from benchmarks.run import main

if __name__ == "__main__":
    sys.exit(main())
