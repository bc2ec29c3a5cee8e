# SPDX-License-Identifier: Apache-2.0
"""The program of the safety tests."""

from safety_program import opened, world

__all__ = ["opened", "world"]
