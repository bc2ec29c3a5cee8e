# SPDX-License-Identifier: Apache-2.0
"""Agreement, consent, plan and card on paper, in plain words: `peerkit print`.

`documents` says what stands on the page, `card` on a card for the wallet, `letting` who may print it and what
is written down about that.
"""
