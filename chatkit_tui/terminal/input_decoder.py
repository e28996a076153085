"""Split the bytes that a terminal sends into text, control sequences and pasted text.

No byte of a paste, of a reply or of an unknown sequence may be taken for a key: keys delete. So a
sequence is passed on as a whole or dropped as a whole.

Input that stalls may continue after any pause. So after the timeout, the following bytes are still
read as its rest and dropped, until it ends and `QUIET` seconds pass without a byte. If it never
ends, a single key is accepted, but not the first one.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final, NamedTuple

ESCAPE_DELAY: Final = 0.1
"""Seconds after which a lone ESC is the Escape key."""
PATIENCE: Final = 0.5
"""Seconds without a byte after which an unfinished sequence or paste has ended."""
SLOW_PATIENCE: Final = 2.0
"""The same on a slow connection."""
QUIET: Final = 0.5
"""Seconds without a byte after which input that is being dropped is read again."""
PASTE_LIMIT: Final = 1 << 20
"""Bytes of the longest paste; a longer one is dropped as a whole."""

_HOLD: Final = 0.05
"""Seconds within which bytes belong together; no user types that fast."""
_BURST: Final = 0.02
"""Seconds after the end of a paste in which another end belongs to the same paste."""
_LONGEST_BURST: Final = 0.1
"""Seconds that keys wait for that at most."""
_SEQUENCE_LIMIT: Final = 128
"""Bytes of the longest control sequence that is passed on; a longer one is dropped."""
_SWALLOWED: Final = 65_536
"""Bytes of the longest control sequence that is dropped as one."""

_PASTE_BEGIN: Final = b"\x1b[200~"
_PASTE_END: Final = b"\x1b[201~"
_END_OF_PASTE: Final = re.compile(re.escape(_PASTE_END))
_CSI: Final = re.compile(rb"\x1b\[(?:M(?s:...)|\[[ -~]|(?!M|\[)[0-?\-]*[ -/]*[@-~])")
"""A whole control sequence; some terminals report negative coordinates. X10 mouse reports end in
three bytes of any value, function keys of the Linux console in a second bracket and a letter."""
_CSI_BEGUN: Final = re.compile(rb"\x1b\[(?:M(?s:.{0,2})|\[|[0-?\-]*[ -/]*)")
_SS3: Final = re.compile(rb"\x1bO[0-9;]*[ -/:<-~]")
_SS3_BEGUN: Final = re.compile(rb"\x1bO[0-9;]*")
_END_BEGUN: Final = re.compile(rb"\x1b(?:\[[\d;]{0,13})?\Z")
"""The beginning of the end of a string or a paste, or of a reply."""
_SHORT_KEY: Final = re.compile(rb"\x1b(?:\[(?:[378]|2[34])\$)?")
"""Escape, and the keys with Shift in rxvt; also how longer sequences could begin."""
_STRING_BEGIN: Final = re.compile(rb"\x1b[P\]_^X]")
_STRING_END: Final = re.compile(rb"\x1b\\")
_COMMAND_END: Final = re.compile(rb"\x07|\x1b\\")
"""What ends an operating system command; other strings end with ST alone."""
_INTRODUCERS: Final = b"[OP]_^X"
"""What follows ESC in CSI, SS3, DCS, OSC, APC, PM and SOS."""
_EIGHT_BIT: Final = re.compile(
    "[\x8f\x90\x98\x9b\x9d-\x9f]|(?<![\udc80-\udcff])[\udc8f\udc90\udc98\udc9b\udc9d-\udc9f]"
)
"""The same as one control character, in UTF-8 or as a byte, but not amid a broken character."""
_NO_TEXT: Final = re.compile("[\x80-\x9f\udc80-\udcff]+")
"""Control characters and bytes that are not UTF-8."""
_UTF8_BEGUN: Final = re.compile(
    rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z"
)
_REPLY: Final = re.compile(rb"\x1b\[\d{1,6};\d{1,6}R")
"""The cursor position: the reply to a query of this program, counted wherever it arrives."""
_REPORT: Final = re.compile(
    rb"\x1b\[(?:<[\d;]{1,40}[Mm]|\d{1,6};\d{1,6}R|[IO]|\?[\d;]{1,20}\$y|48;[\d;:]{1,60}t)"
)
"""Reports that no key causes: mouse, replies, focus, modes, size."""
_INTERRUPT: Final = re.compile(rb"\x03+|\x1b\[99;(?:5|69|133|197)u")
"""Ctrl+C, as a byte and in the kitty protocol (with Caps Lock, with Num Lock, with both)."""
_ONE_KEY: Final = re.compile(
    rb"[\x00-\x1a\x1c-\x7f]|[\xc2-\xf4][\x80-\xbf]{0,3}"
    rb"|\x1b(?:[^\[OP\]_^X]|O[A-Za-z]|\[(?!20[01]~)[0-9;:<?]*[A-Za-z~])"
)
"""What a user sends by pressing a key once."""


class Text(NamedTuple):
    """Characters that were typed: letters and control characters, each a key."""

    text: str


class Control(NamedTuple):
    """A whole escape sequence other than a string; ESC alone is the Escape key."""

    sequence: str


class Pasted(NamedTuple):
    """Pasted text, unchanged."""

    text: str


class Dropped(Enum):
    """Why input is dropped."""

    SEQUENCE = auto()
    """A control sequence did not end, or is invalid."""
    PASTE = auto()
    """A paste did not end."""
    LARGE_PASTE = auto()
    """A paste was longer than `PASTE_LIMIT`."""


Token = Text | Control | Pasted | Dropped


class _Mode(Enum):
    """What the next byte belongs to."""

    GROUND = auto()
    STRING = auto()
    """The body of an OSC, DCS, APC, PM or SOS, or of a dropped paste."""
    PASTE = auto()
    PASTED = auto()
    """A paste that has just ended; a terminal that does not filter it may send the end twice."""


class _Use(Enum):
    """What becomes of the next byte."""

    DECODED = auto()
    AFTER_ESCAPE = auto()
    """The ESC in the buffer was the Escape key, but the rest of a sequence may follow it."""
    STALLED = auto()
    """The input timed out; the next byte may be its rest, however late."""
    DROPPED = auto()
    """Dropped until `QUIET` seconds pass; sequences are recognized to find their ends."""


class InputDecoder:
    """Decode the input of one terminal; the caller has the clock.

    Call `feed` with the bytes of each read, and `tick` if there is nothing to read at `due`.
    """

    def __init__(self, escape_delay: float = ESCAPE_DELAY) -> None:
        """`escape_delay` is in seconds."""
        self.patience = PATIENCE
        """`PATIENCE` or `SLOW_PATIENCE`; may change at any time."""
        self._escape_delay = escape_delay
        self._mode = _Mode.GROUND
        self._use = _Use.DECODED
        self._buffer = bytearray()
        """Bytes that are not decoded yet."""
        self._burst = bytearray()
        """Bytes after a pause, which may be the rest of the buffer."""
        self._was_resumed = False
        """Whether bytes were dropped since the input stalled."""
        self._tokens: list[Token] = []
        self._last = self._pasted_at = 0.0
        """The times of the last byte and of the end of a paste."""
        self._introducer = b""
        """The introducer of the current string, until its body begins."""
        self._end = _STRING_END
        """The end of the current string or paste."""
        self._paste = bytearray()
        self._is_large = False

    def feed(self, data: bytes, now: float) -> list[Token]:
        """Decode the bytes of one read; return the complete tokens in order."""
        if self._mode is _Mode.PASTED and now - self._pasted_at > _LONGEST_BURST:
            self._end_paste()
        is_interrupt = _INTERRUPT.fullmatch(data) is not None
        if not (is_interrupt and self._mode is _Mode.PASTE):  # else it would keep the paste open
            self._last = now
        if is_interrupt and self._drops_keys():
            self._tokens.append(Text("\x03"))
        elif self._use in (_Use.AFTER_ESCAPE, _Use.STALLED):
            self._burst += data
            self._examine()
        else:
            self._buffer += data
        return self._decoded()

    def tick(self, now: float) -> list[Token]:
        """Return the tokens that are complete because nothing followed."""
        due = self.due
        if due is not None and now >= due:
            self._time_out()
        return self._decoded()

    @property
    def due(self) -> float | None:
        """Return when to call `tick` unless a byte arrives; None if nothing is pending."""
        wait: float | None = self.patience
        match self._use, self._mode:
            case _Use.DROPPED, _:
                wait = QUIET
            case _Use.AFTER_ESCAPE | _Use.STALLED, _:
                wait = _HOLD if self._burst else None
            case _, _Mode.PASTED:
                return min(self._last + _BURST, self._pasted_at + _LONGEST_BURST)
            case _, _Mode.GROUND if not self._buffer:
                wait = None
            case _, _Mode.GROUND if _SHORT_KEY.fullmatch(self._buffer):
                wait = self._escape_delay
            case _, _Mode.STRING if self._introducer:
                wait = self._escape_delay
        return None if wait is None else self._last + wait

    def _is_dropping(self) -> bool:
        return self._use in (_Use.STALLED, _Use.DROPPED)

    def _is_unfinished(self) -> bool:
        return self._mode is not _Mode.GROUND or self._buffer.startswith(b"\x1b")

    def _drops_keys(self) -> bool:
        """Return whether a key that is pressed now would be dropped."""
        is_begun = self._mode is _Mode.GROUND and self._buffer.startswith((b"\x1b[", b"\x1bO"))
        return is_begun or self._mode is _Mode.STRING or self._is_dropping()

    def _decoded(self) -> list[Token]:
        self._decode()
        tokens, self._tokens = self._tokens, []
        return tokens

    # -- bytes that arrive -------------------------------------------------------------------------

    def _decode(self) -> None:
        """Decode what is complete. Each step consumes bytes, or returns False to wait."""
        steps = {
            _Mode.GROUND: self._decode_ground,
            _Mode.STRING: self._skip_string,
            _Mode.PASTE: self._take_paste,
            _Mode.PASTED: self._continue_paste,
        }
        while self._buffer and steps[self._mode]():
            pass

    def _decode_ground(self) -> bool:
        end = -1 if _STRING_BEGIN.match(self._buffer) else self._buffer.find(_PASTE_END)
        if end >= 0 and self._buffer.find(_PASTE_BEGIN, 0, end) < 0:
            # The beginning was lost, or the text of the paste had an end in it.
            self._pass_replies(self._consume(end + len(_PASTE_END)))
            self._pass_on(Dropped.PASTE)
            self._use, self._was_resumed = _Use.DROPPED, True
            return True
        if not self._buffer.startswith(b"\x1b"):
            return self._decode_text()
        if len(self._buffer) < len(b"\x1b["):
            return False
        match self._buffer[1:2]:
            case b"[":
                return self._decode_control(_CSI, _CSI_BEGUN)
            case b"O":
                return self._decode_control(_SS3, _SS3_BEGUN)
            case introducer if introducer in _INTRODUCERS:
                self._introducer, self._mode = self._consume(2), _Mode.STRING
                self._end = _COMMAND_END if introducer == b"]" else _STRING_END
            case b"\x1b":
                self._pass_on(Control(self._consume(1).decode()))
            case _:
                return self._decode_alt()
        return True

    def _decode_text(self) -> bool:
        end = self._buffer.find(b"\x1b")
        if end < 0:
            begun = _UTF8_BEGUN.search(self._buffer)
            end = begun.start() if begun else len(self._buffer)
        if not end:
            return False
        text = self._consume(end).decode("utf-8", "surrogateescape")
        if introducer := _EIGHT_BIT.search(text):
            rest = text[introducer.end() :].encode("utf-8", "surrogateescape")
            self._buffer[:0] = b"\x1b%c%s" % ((ord(introducer[0]) & 0xFF) - 0x40, rest)
            text = text[: introducer.start()]
        if text := _NO_TEXT.sub("", text):
            self._pass_on(Text(text))
        return True

    def _decode_control(self, whole: re.Pattern[bytes], begun: re.Pattern[bytes]) -> bool:
        if found := whole.match(self._buffer):
            sequence = self._consume(found.end())
            if sequence == _PASTE_BEGIN:
                self._mode = _Mode.STRING if self._is_dropping() else _Mode.PASTE
                self._end, self._is_large = _END_OF_PASTE, False
            elif len(sequence) <= _SEQUENCE_LIMIT and sequence.isascii():
                self._pass_on(Control(sequence.decode()))
        elif begun.fullmatch(self._buffer) and len(self._buffer) <= _SWALLOWED:
            return False
        else:
            self._consume(len(b"\x1b["))
            self._pass_on(Dropped.SEQUENCE)
            self._use, self._was_resumed = _Use.DROPPED, True
        return True

    def _decode_alt(self) -> bool:
        """Decode a character with Alt; one that is not UTF-8 is dropped."""
        if self._buffer[1] < 0x80:
            self._pass_on(Control(self._consume(2).decode()))
            return True
        character = self._buffer[1:5]
        if _UTF8_BEGUN.fullmatch(character):
            return False
        text = character.decode("utf-8", "replace")[0]
        if text == "\ufffd":
            self._consume(2)
        elif self._consume(1 + len(text.encode())) and not _NO_TEXT.match(text):
            self._pass_on(Control(f"\x1b{text}"))
        return True

    def _skip_string(self) -> bool:
        self._introducer = b""
        body, is_whole = self._take_body()
        if self._is_dropping():
            self._pass_replies(body)
        self._mode = _Mode.GROUND if is_whole else _Mode.STRING
        return is_whole

    def _take_paste(self) -> bool:
        body, is_whole = self._take_body()
        self._add_to_paste(body)
        if is_whole:
            self._mode, self._pasted_at = _Mode.PASTED, self._last
        return is_whole

    def _take_body(self) -> tuple[bytes, bool]:
        """Consume the body up to its end, or to what may become it; return whether it ended."""
        if end := self._end.search(self._buffer):
            return self._consume(end.end())[: end.start()], True
        begun = _END_BEGUN.search(self._buffer)
        return self._consume(begun.start() if begun else len(self._buffer)), False

    def _continue_paste(self) -> bool:
        """Look for another end: the bytes before it were pasted, too."""
        end = self._buffer.rfind(_PASTE_END)
        if end >= 0:
            self._add_to_paste(self._consume(end))
            self._consume(len(_PASTE_END))
        return end >= 0

    def _add_to_paste(self, data: bytes) -> None:
        self._paste += data
        if len(self._paste) > PASTE_LIMIT:
            self._is_large = True
            self._paste.clear()

    # -- bytes after a pause -----------------------------------------------------------------------

    def _examine(self, *, is_over: bool = False) -> None:
        """Decide about bytes after a pause: a key only if nothing follows at once."""
        while report := _REPORT.match(self._burst):
            self._tokens.append(Control(report[0].decode()))
            del self._burst[: report.end()]
        burst = bytes(self._burst)
        is_key = burst == b"\x1b" or (self._was_resumed and _ONE_KEY.fullmatch(burst))
        if self._use is _Use.AFTER_ESCAPE:
            self._examine_after_escape(burst, is_over=is_over)
        elif burst and (is_over or not is_key):
            self._resume(burst, key=burst if is_key else b"")

    def _examine_after_escape(self, burst: bytes, *, is_over: bool) -> None:
        if burst[:1] not in _INTRODUCERS:
            self._read(burst)
        elif is_over or len(burst) > 1:
            self._read(b"\x1b" + burst)
            if is_over:  # a key, perhaps, but the next byte may be the rest of a sequence
                self._stall(Text(burst.decode()))
                self._was_resumed = burst not in b"[O"  # the rest of a string is no single key

    def _resume(self, burst: bytes, key: bytes) -> None:
        """Continue the stalled input and drop it; a key that does not end it is a key."""
        self._burst.clear()
        if key == b"\x1b":
            self._tokens.append(Control("\x1b"))
            return
        self._use, self._was_resumed = _Use.DROPPED, True
        self._buffer += burst
        self._decode()
        if key and self._is_unfinished():
            self._read(key)
        else:
            self._tokens.append(Dropped.SEQUENCE)

    def _read(self, data: bytes) -> None:
        """Decode these bytes from the start, and forget the stalled input."""
        self._burst.clear()
        self._buffer[:] = data
        self._mode, self._use = _Mode.GROUND, _Use.DECODED

    # -- timeouts ---------------------------------------------------------------------------------

    def _time_out(self) -> None:
        match self._use, self._mode:
            case _Use.DROPPED, _ if self._is_unfinished():
                self._use = _Use.STALLED
            case _Use.DROPPED, _:
                self._read(b"")
            case _Use.AFTER_ESCAPE | _Use.STALLED, _:
                self._examine(is_over=True)
            case _, _Mode.GROUND:
                self._time_out_ground()
            case _, _Mode.STRING if self._introducer:
                self._stall(Control(self._introducer.decode()))
            case _, _Mode.STRING:
                self._stall(Dropped.SEQUENCE)
            case _, _Mode.PASTE:
                self._stall(Dropped.PASTE)
                self._pass_replies(bytes(self._paste))
                self._paste.clear()
                self._mode = _Mode.STRING
            case _:
                self._end_paste()

    def _time_out_ground(self) -> None:
        data = bytes(self._buffer)
        if data.startswith((b"\x1b[", b"\x1bO")) and not _SHORT_KEY.fullmatch(data):
            self._stall(Dropped.SEQUENCE)
        elif data == b"\x1b":
            self._tokens.append(Control("\x1b"))
            self._use = _Use.AFTER_ESCAPE
        else:
            self._buffer.clear()
            if _SHORT_KEY.fullmatch(data):
                self._tokens.append(Control(data.decode()))

    def _end_paste(self) -> None:
        """Pass on a paste; the bytes after its end are decoded as usual."""
        text = bytes(self._paste).replace(_PASTE_BEGIN, b"").replace(_PASTE_END, b"")
        self._paste.clear()
        self._mode = _Mode.GROUND
        pasted = Pasted(text.decode("utf-8", "replace"))
        self._tokens.append(Dropped.LARGE_PASTE if self._is_large else pasted)

    def _stall(self, token: Token) -> None:
        """Pass on a token for input that timed out, and wait for its rest."""
        self._tokens.append(token)
        self._use, self._was_resumed = _Use.STALLED, False

    def _pass_on(self, token: Token) -> None:
        is_reply = isinstance(token, Control) and _REPLY.fullmatch(token.sequence.encode())
        if is_reply or not self._is_dropping():
            self._tokens.append(token)

    def _pass_replies(self, data: bytes) -> None:
        """Pass on the replies in dropped bytes, since the program counts them."""
        self._tokens += [Control(found[0].decode()) for found in _REPLY.finditer(data)]

    def _consume(self, length: int) -> bytes:
        taken = bytes(self._buffer[:length])
        del self._buffer[:length]
        return taken
