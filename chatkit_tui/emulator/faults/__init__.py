"""Everything that can go wrong on purpose, by name: one function per fault, files by family."""

from __future__ import annotations

from collections.abc import Mapping

from chatkit_tui.emulator.faults.bodies import BODY_FAULTS
from chatkit_tui.emulator.faults.deletions import DELETION_FAULTS
from chatkit_tui.emulator.faults.dialects import DIALECT_FAULTS
from chatkit_tui.emulator.faults.fault import Fault
from chatkit_tui.emulator.faults.line import LINE_FAULTS
from chatkit_tui.emulator.faults.lists import LIST_FAULTS
from chatkit_tui.emulator.faults.novelties import NOVELTY_FAULTS
from chatkit_tui.emulator.faults.redirects import REDIRECT_FAULTS
from chatkit_tui.emulator.faults.sessions import SESSION_FAULTS
from chatkit_tui.emulator.faults.statuses import STATUS_FAULTS

FAULTS: Mapping[str, Fault] = {
    fault.name: fault
    for fault in (
        *DIALECT_FAULTS,
        *NOVELTY_FAULTS,
        *LIST_FAULTS,
        *SESSION_FAULTS,
        *STATUS_FAULTS,
        *DELETION_FAULTS,
        *LINE_FAULTS,
        *BODY_FAULTS,
        *REDIRECT_FAULTS,
    )
}
"""Every fault by its name, in the order in which they are listed."""
