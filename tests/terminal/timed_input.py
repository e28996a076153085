"""Input of a terminal for a decoder with its own clock."""

from __future__ import annotations

from chatkit_tui.terminal.input_decoder import InputDecoder, Text, Token


class TimedInput:
    """A decoder with a clock: input, and pauses in between."""

    def __init__(self) -> None:
        self.decoder = InputDecoder()
        self.now = 100.0
        self.tokens: list[Token] = []

    def send(self, data: bytes) -> None:
        """Send bytes in one read."""
        self.tokens += self.decoder.feed(data, self.now)

    def pause(self, seconds: float) -> None:
        """Send nothing for some seconds."""
        end = self.now + seconds
        while (due := self.decoder.due) is not None and due <= end:
            self.now = max(self.now, due)
            self.tokens += self.decoder.tick(self.now)
        self.now = end

    @property
    def text(self) -> str:
        """Return all typed characters."""
        return "".join(token.text for token in self.tokens if isinstance(token, Text))
