# SPDX-License-Identifier: Apache-2.0
"""The commands, one module for those that belong together. Each is imported when it is called."""
