"""The line above the footer: what is loaded, where one is in it, and what was just said."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_tui.text.visible import visible
from chatkit_tui.text.width import cells
from chatkit_tui.ui.part_styles import Part
from chatkit_tui.ui.widgets.one_line import OneLine


class StatusLine(OneLine):
    """Messages stand here instead of in boxes over the text; the next key takes them away.

    Beside a message the rest stays as far as there is room for it whole.
    """

    def __init__(self) -> None:
        super().__init__(id="status")
        self._message: Part | None = None
        self._amount = ""
        self._work = ""
        self._position = ""
        self._marks = 0

    def tell(self, text: str, *, bad: bool = False) -> None:
        """Say something until `hush`."""
        self._message = (visible(text), "bad" if bad else "strong")
        self._arrange()

    def hush(self) -> None:
        """Take what was said away."""
        if self._message is not None:
            self._message = None
            self._arrange()

    def say(self, *, amount: str, work: str, position: str, marks: int = 0) -> None:
        """Show what is loaded, what is under way, where the cursor is, and marks out of sight."""
        self._amount, self._work, self._position, self._marks = amount, work, position, marks
        self._arrange()

    def on_resize(self) -> None:
        """There may be more room beside a message, or less."""
        self._arrange()

    def _arrange(self) -> None:
        right: list[Part] = []
        if self._marks:
            right.append((f"{self._marks:,} marked ", "busy"))
        if self._position:
            right.append((f"{' ' if right else ''}{self._position} ", "dim"))
        amount: list[Part] = [(self._amount, "dim")] if self._amount else []
        work: list[Part] = [(f"{self._work}…", "busy")] if self._work else []
        said = [self._message] if self._message else []
        room = self.size.width - _size(right) - 1
        left = _apart([*said, *amount, *work])
        if said and _size(left) > room:
            left = _apart([*said, *work])
            if _size(left) > room:
                left = _apart(said)
        self.show(left, right)


def _apart(parts: Sequence[Part]) -> list[Part]:
    """Parts with a space before the first and two between them."""
    spaced: list[Part] = [(" ", "plain")]
    for number, part in enumerate(parts):
        spaced += [("  ", "plain"), part] if number else [part]
    return spaced


def _size(parts: Sequence[Part]) -> int:
    """How many cells parts take."""
    return sum(cells(text) for text, _ in parts)
