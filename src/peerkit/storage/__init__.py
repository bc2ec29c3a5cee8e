# SPDX-License-Identifier: Apache-2.0
"""Storages that come with peerkit, and what all storages share: the chain and the conditions."""
