# SPDX-License-Identifier: Apache-2.0
"""Formal peer support: relationships, goal plans, screens and referrals that keep their promises."""

from peerkit._version import __version__

__all__ = ["__version__"]
