# SPDX-License-Identifier: Apache-2.0
"""`PYTHONPATH=tests/shared python -m year --people 5000 --days 365 --seed 1`: the report on standard output,
and 1 if anything was lost."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path


def main() -> int:
    from year.living import live
    from year.report import report

    given = argparse.ArgumentParser(prog="year", description=__doc__)
    given.add_argument("--people", type=int, default=60)
    given.add_argument("--days", type=int, default=60)
    given.add_argument("--seed", type=int, default=1)
    given.add_argument("--storms", type=float, default=1.0, help="how many times as much goes wrong")
    given.add_argument("--concerning", type=float, default=1.0, help="how many times as many screens")
    given.add_argument("--restores", type=float, default=0.0, help="how often a year an older copy comes")
    given.add_argument("--keep", type=Path, help="a folder for the store, which stays there")
    args = given.parse_args()
    with tempfile.TemporaryDirectory(prefix="peerkit-year-") as made:
        lived = live(
            args.keep or Path(made),
            people=args.people,
            days=args.days,
            seed=args.seed,
            storms=args.storms,
            concerning=args.concerning,
            restores=args.restores,
            told=lambda text: sys.stderr.write(text + "\n"),
        )
    sys.stdout.write(report(lived) + f"\n{lived.seconds:.0f} seconds\n")
    return int(lived.lost)


if __name__ == "__main__":
    sys.exit(main())
