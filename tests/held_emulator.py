"""An emulator whose responses wait until a test lets them go."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future

from chatkit_tui.emulator import Emulator
from chatkit_tui.emulator.requests import Request, Response


class HeldEmulator(Emulator):
    """The emulator; while it is held, requests are logged and neither carried out nor answered."""

    _released: Future[None] | None = None
    _held_method = ""
    _passing = 0

    def hold(self, method: str = "", *, passing: int = 0) -> None:
        """Hold all later requests, or those of one method, after `passing` of them."""
        self._held_method, self._passing = method, passing
        self._released = Future()

    def release(self) -> None:
        """Answer what is held; called on any thread."""
        released, self._released = self._released, None
        if released is not None:
            released.set_result(None)

    async def _handle(self, request: Request) -> Response:
        released = self._released
        if released is not None and request.method.startswith(self._held_method):
            self._passing -= 1
            if self._passing < 0:
                await asyncio.shield(asyncio.wrap_future(released))
        return await super()._handle(request)
