# SPDX-License-Identifier: Apache-2.0
"""Agreement, consent and plan on paper, in plain words: `peerkit print`.

`documents` says what stands on the page, `letting` who may print it and what is written down about that.
"""
