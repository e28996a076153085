"""What a terminal sends, to a decoder with a clock of its own."""

from __future__ import annotations

from chatkit_tui.terminal.input_decoder import InputDecoder, Text, Token


class TimedInput:
    """A decoder with a clock: what is sent, and pauses in between."""

    def __init__(self) -> None:
        self.decoder = InputDecoder()
        self.now = 100.0
        self.tokens: list[Token] = []

    def send(self, data: bytes) -> None:
        """Have bytes come in one read."""
        self.tokens += self.decoder.feed(data, self.now)

    def pause(self, seconds: float) -> None:
        """Have nothing come for so long."""
        end = self.now + seconds
        while (due := self.decoder.due) is not None and due <= end:
            self.now = max(self.now, due)
            self.tokens += self.decoder.tick(self.now)
        self.now = end

    @property
    def text(self) -> str:
        """All the characters that were typed."""
        return "".join(token.text for token in self.tokens if isinstance(token, Text))
