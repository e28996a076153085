"""Hide personal data and keys on the screen, and show them again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol, cast

from textual.worker import Worker

from chatkit_tui.errors import ChatKitError
from chatkit_tui.text.plain import ui_text
from chatkit_tui.ui.actions import ActionHost

if TYPE_CHECKING:
    from chatkit_tui.export.redaction.mask import Mask

GROUP = "mask"
"""The group of the worker that loads what a mask needs."""


class MaskHost(Protocol):
    """The app, as far as a mask changes it."""

    def show_through(self, mask: Mask | None) -> None: ...


class MaskActions:
    """Puts a mask over the source, or takes it away."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host

    def action_mask(self) -> None:
        """Show the same place through a mask, or without it."""
        if self._host.options.mask is not None:
            self._show(None)
        else:
            self._host.status.report(ui_text("masking…"))
            _: Worker[None] = self._host.run_worker(self._mask, group=GROUP, exclusive=True)

    async def _mask(self) -> None:
        from chatkit_tui.export.redaction.mask import new_mask

        try:
            self._show(await asyncio.to_thread(new_mask))
        except ChatKitError as error:
            self._host.status.report(f"mask: {error}", bad=True)

    def _show(self, mask: Mask | None) -> None:
        cast("MaskHost", self._host.app).show_through(mask)
