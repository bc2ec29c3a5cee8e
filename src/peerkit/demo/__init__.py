# SPDX-License-Identifier: Apache-2.0
"""One whole journey with fictional people: played, and told from what was stored.

`play` acts it out on an opened program; `tell` reads any program's feed and tells it. The two know
nothing of each other.
"""
