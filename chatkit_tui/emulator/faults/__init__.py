"""Everything that can go wrong on purpose, by name: one function per fault, files by family."""

from __future__ import annotations

from collections.abc import Mapping

from chatkit_tui.emulator.faults.fault import Fault
from chatkit_tui.emulator.faults.statuses import STATUS_FAULTS

FAULTS: Mapping[str, Fault] = {fault.name: fault for fault in (*STATUS_FAULTS,)}
"""Every fault by its name, in the order in which they are listed."""
