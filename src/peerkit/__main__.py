# SPDX-License-Identifier: Apache-2.0
"""`python -m peerkit` is the command line."""

from peerkit.cli import main

main(prog_name="peerkit")
