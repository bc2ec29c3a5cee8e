# SPDX-License-Identifier: Apache-2.0
"""The core's checks and responses, registered as a plugin like any other."""
