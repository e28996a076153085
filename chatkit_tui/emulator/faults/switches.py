"""Which faults are on, and for how many requests more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chatkit_tui.emulator.calls import CALLS, Answer, Call, Next
from chatkit_tui.emulator.faults import FAULTS
from chatkit_tui.emulator.faults.fault import Fault

_METHODS = ("GET", "POST", "DELETE")


@dataclass(slots=True)
class Switch:
    """One fault that is on."""

    fault: Fault
    left: int | None
    """Requests that it still spoils; None for all."""
    only: str
    """A call or a method that it is limited to; empty for every call that it concerns."""

    def takes(self, call: Call) -> bool:
        """Whether the fault spoils this call; counts it if so."""
        if call.name not in self.fault.calls or self.left == 0:
            return False
        if self.only not in ("", call.name, call.method):
            return False
        if self.left is not None:
            self.left -= 1
        return True


def read_switch(text: str) -> Switch:
    """Read `NAME[:FIRST][@CALL]`; raises `ValueError` with a line that says what is wrong."""
    rest, limited, only = text.partition("@")
    name, counted, first = rest.partition(":")
    if name not in FAULTS:
        raise ValueError(f"there is no fault '{name}'; --list-faults prints them all")
    if counted and not (first.isdecimal() and first.isascii()):
        raise ValueError(f"'{text}': after the colon comes how many requests, as in {name}:2")
    if limited and only not in (*CALLS, *_METHODS):
        raise ValueError(f"'{text}': after the @ comes one of {', '.join((*CALLS, *_METHODS))}")
    return Switch(FAULTS[name], int(first) if counted else None, only)


class Switches:
    """The faults of an emulator; the first one named is the outermost."""

    def __init__(self, names: Iterable[str]) -> None:
        """Raises `ValueError` for a name that does not exist."""
        self.names = tuple(names)
        self._switches = [read_switch(name) for name in self.names]

    async def carry(self, call: Call, endpoint: Next) -> Answer:
        """Give a call to the endpoint through every fault that takes it."""
        go = endpoint
        for switch in reversed([switch for switch in self._switches if switch.takes(call)]):
            go = _through(switch.fault, go)
        return await go(call)


def _through(fault: Fault, go: Next) -> Next:
    return lambda call: fault.act(call, go)
