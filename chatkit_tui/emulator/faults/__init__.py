"""The faults of the emulator, by name, and which of them are active."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# Each module registers its faults when it is imported.
from chatkit_tui.emulator.faults import content, lists, responses  # noqa: F401
from chatkit_tui.emulator.faults.fault import FAULTS, Fault
from chatkit_tui.emulator.requests import OPERATIONS, Handler, Request, Response

__all__ = ["FAULTS", "Fault", "Switches"]

_METHODS = ("GET", "POST", "DELETE")


@dataclass(slots=True)
class _Switch:
    """An active fault."""

    fault: Fault
    remaining: int | None
    """The number of requests that it still affects; None for all."""
    limit: str
    """The operation or method that it is limited to; empty for all."""

    def applies(self, request: Request) -> bool:
        """Return whether the fault affects a request, and count it."""
        if request.operation not in self.fault.operations or self.remaining == 0:
            return False
        if self.limit not in ("", request.operation, request.method):
            return False
        if self.remaining is not None:
            self.remaining -= 1
        return True


def _read_switch(text: str) -> _Switch:
    """Parse `NAME[:FIRST][@CALL]`. Raise `ValueError` with a message for the user."""
    rest, at, limit = text.partition("@")
    name, colon, first = rest.partition(":")
    if name not in FAULTS:
        raise ValueError(f"there is no fault '{name}'; --list-faults prints them all")
    if colon and not (first.isdecimal() and first.isascii()):
        raise ValueError(f"'{text}': after the colon comes a number of requests, as in {name}:2")
    if at and limit not in (*OPERATIONS, *_METHODS):
        raise ValueError(
            f"'{text}': after the @ comes one of {', '.join((*OPERATIONS, *_METHODS))}"
        )
    return _Switch(FAULTS[name], int(first) if colon else None, limit)


class Switches:
    """The active faults of an emulator; the first is the outermost."""

    def __init__(self, names: Iterable[str]) -> None:
        """Activate faults. Raise `ValueError` for an unknown name."""
        self.names = tuple(names)
        self._switches = [_read_switch(name) for name in self.names]

    async def apply(self, request: Request, handler: Handler) -> Response:
        """Pass a request to a handler through every fault that affects it."""
        for switch in reversed([switch for switch in self._switches if switch.applies(request)]):
            handler = _wrapped(switch.fault, handler)
        return await handler(request)


def _wrapped(fault: Fault, handler: Handler) -> Handler:
    return lambda request: fault.handle(request, handler)
