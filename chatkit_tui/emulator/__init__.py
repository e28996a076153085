"""An emulator of the ChatKit API with sample data and faults, for demonstrations and tests.

Importing it imports neither httpx (`emulator.transport`) nor uvicorn (`emulator.server`).
"""

from chatkit_tui.emulator.api import Emulator
from chatkit_tui.emulator.sample_data import (
    DEMO_KEY,
    DEMO_NOW,
    DEMO_URL,
    WORKFLOWS,
    fixed_clock,
    running_clock,
)

__all__ = [
    "DEMO_KEY",
    "DEMO_NOW",
    "DEMO_URL",
    "WORKFLOWS",
    "Emulator",
    "fixed_clock",
    "running_clock",
]
