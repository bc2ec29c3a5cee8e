# SPDX-License-Identifier: Apache-2.0
"""The host's own app: rooms are booked here."""
