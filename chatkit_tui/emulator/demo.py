"""What the built-in API answers to: its key, its address and its clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeAlias

Clock: TypeAlias = Callable[[], float]
"""Gives the time in Unix seconds."""

DEMO_KEY = "sk-demo-not-a-real-key"
"""Accepted by every emulator; good for nothing else."""

DEMO_URL = "http://demo.invalid/v1"
"""The base URL of the emulator inside the process; a name that no network can resolve."""

DEMO_NOW = 1_773_307_800
"""12 March 2026, 09:30:00 UTC: the moment at which the sample data was looked at last."""

WORKFLOWS = ("wf_support", "wf_travel", "wf_billing", "wf_onboarding")
"""The workflows that the emulator knows; sessions for others are refused with 404."""


def fixed_clock() -> float:
    """A clock that stands still at `DEMO_NOW`, for tests and pictures."""
    return float(DEMO_NOW)


def running_clock() -> Clock:
    """A clock that shows `DEMO_NOW` when it is made and runs on from there."""
    begun = time.monotonic()
    return lambda: DEMO_NOW + time.monotonic() - begun
