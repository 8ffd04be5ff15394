"""How fast a test may expect the machine to be: of one that several workers share, each has a part."""

from __future__ import annotations

import os
from typing import Final

from sandbox.client import Workspace

SHARERS: Final = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
"""Workers that run tests at the same time."""

SLACK_WAITS: Final = 3.0
ENOUGH: Final = 4
"""More patience than for four no test needs; some wait until Slack has none left."""


async def unhurried(ws: Workspace) -> None:
    """Slack's three seconds to acknowledge and to open a dialog, on a machine of our own. Where others run beside us they
    are longer, or what is seen is how busy the machine is; how fast we are is measured in `make bench`."""
    seconds = SLACK_WAITS * min(SHARERS, ENOUGH)
    await ws.delivery(ack_seconds=seconds, trigger_seconds=seconds)
