"""The last line: the keys that work now, the most important first, as many as fit."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_tui.document.spans import DIM, Span
from chatkit_tui.text.width import cells
from chatkit_tui.ui.styled_lines import KEY
from chatkit_tui.ui.widgets.one_line import OneLine

SPACE = "  "


class Footer(OneLine):
    """Keys and what they do."""

    DEFAULT_CSS = """
    Footer { dock: bottom; }
    """

    def __init__(self) -> None:
        super().__init__(id="footer")
        self._hints: tuple[tuple[str, str], ...] = ()
        self._always: tuple[str, str] | None = None

    def say(
        self, hints: Sequence[tuple[str, str]], *, always: tuple[str, str] | None = None
    ) -> None:
        """Show pairs of key and word, in this order; `always` has its room at the right end."""
        self._hints = tuple(hint for hint in hints if hint != always)
        self._always = always
        self._arrange()

    def on_resize(self) -> None:
        """Take in as many as fit now."""
        self._arrange()

    def _arrange(self) -> None:
        parts: list[Span] = [Span(" ")]
        right: list[Span] = []
        room = self.size.width - 1
        if self._always:
            right = [*hint_parts(*self._always), Span(" ")]
            room -= sum(cells(text) for text, _ in right) + len(SPACE)
        for key, word in self._hints:
            size = cells(key) + 1 + cells(word)
            if size > room:
                break
            parts += [*hint_parts(key, word), Span(SPACE)]
            room -= size + len(SPACE)
        self.show(parts[:-1], right)


def hint_parts(key: str, word: str) -> list[Span]:
    """A key and what it does."""
    return [Span(key, KEY), Span(f" {word}", DIM)]
