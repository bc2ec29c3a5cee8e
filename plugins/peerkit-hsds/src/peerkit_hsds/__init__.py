# SPDX-License-Identifier: Apache-2.0
"""Service directories in every dialect of HSDS, read into peerkit."""
