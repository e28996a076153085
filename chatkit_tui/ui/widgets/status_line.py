"""The line above the footer: what is loaded, where one is in it, and what was just said."""

from __future__ import annotations

from chatkit_tui.text.visible import visible
from chatkit_tui.ui.part_styles import Part
from chatkit_tui.ui.widgets.one_line import OneLine


class StatusLine(OneLine):
    """Messages stand here instead of in boxes over the text; the next key takes them away."""

    def __init__(self) -> None:
        super().__init__(id="status")
        self._message: Part | None = None
        self._amount = ""
        self._work = ""
        self._position = ""

    def tell(self, text: str, *, bad: bool = False) -> None:
        """Say something until `hush`."""
        self._message = (visible(text), "bad" if bad else "strong")
        self._arrange()

    def hush(self) -> None:
        """Take what was said away."""
        if self._message is not None:
            self._message = None
            self._arrange()

    def say(self, *, amount: str, work: str, position: str) -> None:
        """Show what is loaded, what is under way, and where the cursor is."""
        self._amount, self._work, self._position = amount, work, position
        self._arrange()

    def _arrange(self) -> None:
        left: list[Part] = [(" ", "plain")]
        if self._message is not None:
            left.append(self._message)
        else:
            left.append((self._amount, "dim"))
            if self._work:
                left += [("  " if self._amount else "", "plain"), (f"{self._work}…", "busy")]
        self.show(left, [(f"{self._position} ", "dim")] if self._position else [])
