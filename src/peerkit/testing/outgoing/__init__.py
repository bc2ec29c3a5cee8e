# SPDX-License-Identifier: Apache-2.0
"""The contracts of what goes out: notifiers and exporters, and those broken on purpose that they catch."""
