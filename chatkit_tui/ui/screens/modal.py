"""A screen over the panes that goes away once, whatever else was asked for meanwhile."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType


class ModalOnce(ModalScreen[ScreenResultType]):
    """A modal screen that takes only itself off the stack.

    Textual takes off whatever lies on top: the screen below, when two keys that close arrive in
    one breath; the palette above, when work that ends closes a dialog.
    """

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Go away with a result, and take along what lies above; nothing when it is gone."""
        if self not in self.app.screen_stack:
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)
