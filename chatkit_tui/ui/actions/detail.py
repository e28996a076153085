"""Show all of an item, and open its addresses."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.actions.copy import CopyActions
from chatkit_tui.ui.messages import Reported


class DetailActions:
    """Opens the page of the item under the cursor, and the menu of its addresses."""

    def __init__(self, host: ActionHost, copying: CopyActions) -> None:
        self._host = host
        self._copying = copying

    def action_open_item(self) -> None:
        """Show the page of an item."""
        from chatkit_tui.ui.screens.detail import DetailScreen

        view = self._host.transcript.view
        if (row := view.entry()) is not None:
            screen = DetailScreen(
                row,
                view.context,
                self._host.keys,
                copy=self._copying.copy,
                open_addresses=self._offer,
            )
            self._host.app.push_screen(screen)

    def action_open_address(self) -> None:
        """Offer the addresses of an item."""
        from chatkit_tui.inspection.item_detail import addresses_of
        from chatkit_tui.models.items import read_item

        row = self._host.transcript.view.entry()
        found = addresses_of(read_item(row)) if row is not None else []
        if found:
            self._offer(found, self._say)
        else:
            self._say("this item has no address to open")

    def _say(self, words: str) -> None:
        self._host.post_message(Reported(words))

    def _offer(self, addresses: list[str], say: Callable[[str], None]) -> None:
        """Offer addresses; `say` reports what became of the one that was chosen."""
        from chatkit_tui.ui.browser import why_not_open
        from chatkit_tui.ui.screens.address_menu import AddressMenu

        def chosen(answer: tuple[str, bool] | None) -> None:
            if answer is not None:
                work = partial(self._use, *answer, say)
                self._host.run_worker(work, group="address", exclusive=True)

        menu = AddressMenu(addresses, why_not_open(os.environ), self._host.keys)
        self._host.app.push_screen(menu, chosen)

    async def _use(self, address: str, is_opened: bool, say: Callable[[str], None]) -> None:
        from chatkit_tui.ui.browser import open_in_browser

        report = await (open_in_browser(address) if is_opened else self._copying.copy(address))
        say(f"address: {report}")
