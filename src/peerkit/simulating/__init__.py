# SPDX-License-Identifier: Apache-2.0
"""Made-up programs: people who come, walk together for a while and go, over years, from a seed.

`live` lets them live: whatever happens goes through the kit's own doors, under a clock that is moved.
`multiply` makes large stores of such a life: what was lived is written again and again, about other people,
through the storage's `load`, as it was. Needs the extra `simulate`.
"""

from peerkit.simulating.living import Simulated, live
from peerkit.simulating.multiplying import multiply

__all__ = ["Simulated", "live", "multiply"]
