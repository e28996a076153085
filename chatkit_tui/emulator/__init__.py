"""The API in memory, with sample data and faults, for demonstrations, tests and trying out.

Nothing imported here loads a web framework: Starlette comes with the first use of
`Emulator.app`, httpx with `emulator.client`, uvicorn with `emulator.serving`.
"""

from chatkit_tui.emulator.demo import (
    DEMO_KEY,
    DEMO_NOW,
    DEMO_URL,
    WORKFLOWS,
    fixed_clock,
    running_clock,
)
from chatkit_tui.emulator.state import Emulator, LoggedRequest

__all__ = [
    "DEMO_KEY",
    "DEMO_NOW",
    "DEMO_URL",
    "WORKFLOWS",
    "Emulator",
    "LoggedRequest",
    "fixed_clock",
    "running_clock",
]
