# SPDX-License-Identifier: Apache-2.0
"""What peer support is: pure values, acts and lifecycle tables. Nothing here reads or writes."""
