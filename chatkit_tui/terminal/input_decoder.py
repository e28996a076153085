"""Split the bytes that a terminal sends into text, control sequences and pasted text.

A byte of a paste, of an answer or of an unknown sequence must never be taken for a key: keys
delete. So a sequence is either whole and handed over as such, or nothing of it is. What ends by
timeout instead of its terminator may go on later; the bytes that could be its rest are dropped.
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
"""Seconds in which the rest of a sequence follows its first byte; no user types that fast."""
_BURST: Final = 0.02
"""Seconds after the end of a paste in which another end belongs to the same paste."""
_LONGEST_BURST: Final = 0.1
"""Seconds that keys wait for that at most."""
_SEQUENCE_LIMIT: Final = 128
"""Bytes of the longest control sequence that is read; a longer one is swallowed."""
_SWALLOWED: Final = 65_536
"""Bytes of the longest that is."""

_ESC: Final = 0x1B
_PASTE_BEGIN: Final = b"\x1b[200~"
_PASTE_END: Final = b"\x1b[201~"
_CSI: Final = re.compile(rb"\x1b\[(?:M(?s:...)|\[[ -~]|(?!M|\[)[0-?\-]*[ -/]*[@-~])")
"""A whole control sequence; some terminals report negative coordinates. X10 mouse reports end in
three bytes of any value, function keys of the Linux console in a second bracket and a letter."""
_CSI_BEGUN: Final = re.compile(rb"\x1b\[(?:M(?s:.{0,2})|\[|[0-?\-]*[ -/]*)")
_SS3: Final = re.compile(rb"\x1bO[0-9;]*[ -/:<-~]")
_SS3_BEGUN: Final = re.compile(rb"\x1bO[0-9;]*")
_BEGUN: Final = re.compile(rb"\x1b(?:\[[0-?\-]{0,40}[ -/]?|O[0-9;]{0,9})?\Z")
"""The beginning of either at the end of what is dropped."""
_RXVT_KEY: Final = re.compile(rb"\x1b\[\d{1,2}\$")
"""A key with Shift in rxvt; also how longer sequences begin."""
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
_ANSWER: Final = re.compile(rb"\x1b\[\d{1,6};\d{1,6}R")
"""Where the cursor is: the answer to a question of this program, counted wherever it comes."""
_REPORT: Final = re.compile(
    rb"\x1b\[(?:<[\d;]{1,40}[Mm]|\d{1,6};\d{1,6}R|[IO]|\?[\d;]{1,20}\$y|48;[\d;:]{1,60}t)"
)
"""What terminals send although no key was pressed: mouse, answers, focus, modes, size."""
_INTERRUPT: Final = re.compile(rb"\x03+|\x1b\[99;(?:5|69|133|197)u")
"""Ctrl+C, as a byte and in the kitty protocol (with Caps Lock, with Num Lock, with both)."""
_ONE_KEY: Final = re.compile(
    rb"[\x00-\x06\x08-\x1a\x1c-\x5b\x5d-\x7d\x7f]"  # not what may end a string or a paste
    rb"|[\xc2-\xf4][\x80-\xbf]{0,3}"
    rb"|\x1b(?:[^\[OP\]_^X\\]|O[A-Za-z]|\[(?!20[01]~)[0-9;:<?]*[A-Za-z~])?"
)


class Text(NamedTuple):
    """Characters that were typed: letters and control characters, each a key."""

    text: str


class Control(NamedTuple):
    """A whole sequence that begins with ESC and is no string; ESC alone is the Escape key."""

    sequence: str


class Pasted(NamedTuple):
    """Pasted text, with whatever is in it."""

    text: str


class Dropped(Enum):
    """Input that was dropped for good, or is from now on."""

    SEQUENCE = auto()
    """A control sequence did not end, or was none."""
    PASTE = auto()
    """A paste did not end."""
    LARGE_PASTE = auto()
    """A paste was longer than `PASTE_LIMIT`."""


Token = Text | Control | Pasted | Dropped


class _Mode(Enum):
    """What the next byte belongs to."""

    GROUND = auto()
    STRING = auto()
    """The body of an OSC, DCS, APC, PM or SOS, which nothing here wants."""
    PASTE = auto()
    PASTED = auto()
    """A paste that ended just now; a terminal that filters nothing may send its end twice."""
    DROPPING = auto()
    """Nothing, until `QUIET` seconds pass."""
    SUSPICIOUS = auto()
    """Perhaps the rest of what ended by timeout."""


class _Rest(Enum):
    """What the rest of something that ended by timeout looks like."""

    OF_ESCAPE = auto()
    """Begins with an introducer; a lone one may be a key."""
    OF_SEQUENCE = auto()
    """Printable; a single byte is enough."""
    OF_STRING = auto()
    """Anything of more than one byte."""


class InputDecoder:
    """Decodes what one terminal sends; the caller has the clock.

    Call `feed` with the bytes of each read, and `tick` whenever there was nothing to read at `due`.
    """

    def __init__(self, escape_delay: float = ESCAPE_DELAY) -> None:
        """Begin with no input; `escape_delay` is in seconds."""
        self.patience = PATIENCE
        """`PATIENCE` or `SLOW_PATIENCE`; may change at any time."""
        self._escape_delay = escape_delay
        self._mode = _Mode.GROUND
        self._rest = _Rest.OF_STRING
        self._buffer = bytearray()
        """What was not decoded yet."""
        self._tokens: list[Token] = []
        self._last = 0.0
        """When the last byte came."""
        self._introducer = b""
        """How the string that is being read begins."""
        self._is_empty = False
        """Whether nothing of its body came."""
        self._is_eight_bit = False
        """Whether the last introducer was a single control character."""
        self._paste = bytearray()
        self._pasted_at = 0.0
        self._is_large = False

    def feed(self, data: bytes, now: float) -> list[Token]:
        """Decode the bytes of one read; return what is whole by now, in order."""
        if self._mode is _Mode.PASTED and now - self._pasted_at > _LONGEST_BURST:
            self._end_paste()
        self._last = now
        if _INTERRUPT.fullmatch(data) and self._drops_keys():
            self._tokens.append(Text("\x03"))
        else:
            self._buffer += data
            self._decode()
        return self._taken()

    def tick(self, now: float) -> list[Token]:
        """Return what is whole because nothing followed."""
        due = self.due
        if due is not None and now >= due:
            self._time_out()
            self._decode()
        return self._taken()

    @property
    def due(self) -> float | None:
        """When to call `tick` unless a byte comes before; None if there is nothing to wait for."""
        match self._mode:
            case _Mode.GROUND:
                wait = self._ground_wait() if self._buffer else None
            case _Mode.STRING:
                wait = self._escape_delay if self._is_empty else self.patience
            case _Mode.PASTE:
                wait = self.patience
            case _Mode.PASTED:
                return min(self._last + _BURST, self._pasted_at + _LONGEST_BURST)
            case _Mode.DROPPING:
                wait = QUIET
            case _Mode.SUSPICIOUS:
                wait = _HOLD if self._buffer else None
        return None if wait is None else self._last + wait

    def _ground_wait(self) -> float:
        is_short = bytes(self._buffer) == b"\x1b" or _RXVT_KEY.fullmatch(self._buffer)
        return self._escape_delay if is_short or self._is_stray() else self.patience

    def _is_stray(self) -> bool:
        """Whether a control character that introduces a sequence stands alone."""
        return self._is_eight_bit and len(self._buffer) == len(b"\x1b[")

    def _drops_keys(self) -> bool:
        """Whether a key would be dropped that came now, although it is no part of anything."""
        is_begun = self._mode is _Mode.GROUND and self._buffer.startswith((b"\x1b[", b"\x1bO"))
        return is_begun or self._mode in (_Mode.DROPPING, _Mode.SUSPICIOUS)

    def _taken(self) -> list[Token]:
        tokens, self._tokens = self._tokens, []
        return tokens

    # -- bytes that came ---------------------------------------------------------------------------

    def _decode(self) -> None:
        """Decode what is whole. Each step consumes something, or returns False to wait."""
        steps = {
            _Mode.GROUND: self._decode_ground,
            _Mode.STRING: self._skip_string,
            _Mode.PASTE: self._take_paste,
            _Mode.PASTED: self._continue_paste,
            _Mode.DROPPING: self._skip_dropped,
            _Mode.SUSPICIOUS: self._examine,
        }
        while self._buffer and steps[self._mode]():
            pass

    def _decode_ground(self) -> bool:
        end = self._buffer.find(_PASTE_END)
        if end >= 0 and self._buffer.find(_PASTE_BEGIN, 0, end) < 0:
            # The beginning was lost, or the text of the paste had an end in it.
            self._take_answers(self._consume(end + len(_PASTE_END)))
            self._tokens.append(Dropped.PASTE)
            return True
        if self._buffer[0] != _ESC:
            return self._decode_text()
        if len(self._buffer) < len(b"\x1b["):
            return False
        match self._buffer[1:2]:
            case b"[":
                return self._decode_control(_CSI, _CSI_BEGUN)
            case b"O":
                return self._decode_control(_SS3, _SS3_BEGUN)
            case b"P" | b"]" | b"_" | b"^" | b"X":
                self._introducer = self._consume(2)
                self._mode, self._is_empty = _Mode.STRING, True
            case b"\x1b":
                self._tokens.append(Control(self._consume(1).decode()))
            case _:
                return self._decode_alt()
        return True

    def _decode_text(self) -> bool:
        end = self._buffer.find(_ESC)
        if end < 0:
            begun = _UTF8_BEGUN.search(self._buffer)
            end = begun.start() if begun else len(self._buffer)
        if not end:
            return False
        text = self._consume(end).decode("utf-8", "surrogateescape")
        self._is_eight_bit = False
        if introducer := _EIGHT_BIT.search(text):
            rest = text[introducer.end() :].encode("utf-8", "surrogateescape")
            self._buffer[:0] = bytes([_ESC, (ord(introducer[0]) & 0xFF) - 0x40]) + rest
            self._is_eight_bit = True
            text = text[: introducer.start()]
        if text := _NO_TEXT.sub("", text):
            self._tokens.append(Text(text))
        return True

    def _decode_control(self, whole: re.Pattern[bytes], begun: re.Pattern[bytes]) -> bool:
        if found := whole.match(self._buffer):
            sequence = self._consume(found.end())
            self._is_eight_bit = False
            if sequence == _PASTE_BEGIN:
                self._mode, self._is_large = _Mode.PASTE, False
            elif len(sequence) <= _SEQUENCE_LIMIT and sequence.isascii():
                self._tokens.append(Control(sequence.decode()))
        elif begun.fullmatch(self._buffer) and len(self._buffer) <= _SWALLOWED:
            return False
        else:
            self._drop(Dropped.SEQUENCE, _Rest.OF_STRING)
        return True

    def _decode_alt(self) -> bool:
        """Decode a character with Alt; one that is not UTF-8 is dropped."""
        if self._buffer[1] < 0x80:
            self._tokens.append(Control(self._consume(2).decode()))
            return True
        character = self._buffer[1:5]
        if _UTF8_BEGUN.fullmatch(character):
            return False
        text = character.decode("utf-8", "replace")[0]
        if text == "\ufffd":
            self._consume(2)
        elif self._consume(1 + len(text.encode())) and not _NO_TEXT.match(text):
            self._tokens.append(Control(f"\x1b{text}"))
        return True

    def _skip_string(self) -> bool:
        end = _COMMAND_END if self._introducer == b"\x1b]" else _STRING_END
        if found := end.search(self._buffer):
            self._consume(found.end())
            self._mode, self._is_eight_bit = _Mode.GROUND, False
            return True
        self._is_empty = False
        self._consume(len(self._buffer) - self._buffer.endswith(b"\x1b"))
        return False

    def _take_paste(self) -> bool:
        end = self._buffer.find(_PASTE_END)
        if end < 0:
            self._add_to_paste(max(0, len(self._buffer) - len(_PASTE_END) + 1))
            return False
        self._add_to_paste(end)
        self._consume(len(_PASTE_END))
        self._mode, self._pasted_at = _Mode.PASTED, self._last
        return True

    def _continue_paste(self) -> bool:
        """Look for another end: what stands before it was pasted too."""
        end = self._buffer.rfind(_PASTE_END)
        if end < 0:
            return False
        self._add_to_paste(end)
        self._consume(len(_PASTE_END))
        return True

    def _add_to_paste(self, length: int) -> None:
        self._paste += self._consume(length)
        if len(self._paste) > PASTE_LIMIT:
            self._is_large = True
            self._paste.clear()

    def _skip_dropped(self) -> bool:
        rest = self._take_answers(self._consume(len(self._buffer)))
        if rest:
            is_begun = _BEGUN.search(rest)
            self._rest = _Rest.OF_SEQUENCE if is_begun else _Rest.OF_STRING
        self._buffer += rest[-len(b"\x1b[999999;999999R") :]  # an answer may have come in half
        return False

    def _examine(self) -> bool:
        """Look whether this is the rest of what ended by timeout."""
        while report := _REPORT.match(self._buffer):
            self._tokens.append(Control(self._consume(report.end()).decode()))
        data = bytes(self._buffer)
        match self._rest:
            case _ if not data:
                return False
            case _Rest.OF_ESCAPE:
                return self._examine_after_escape(data)
            case _Rest.OF_SEQUENCE if data[0] < 0x20:
                self._mode = _Mode.GROUND
                return True
            case _Rest.OF_STRING if _ONE_KEY.fullmatch(data):
                return False
        self._drop(Dropped.SEQUENCE, _Rest.OF_STRING)
        return True

    def _examine_after_escape(self, data: bytes) -> bool:
        """Read a sequence whose ESC was taken for the Escape key, because the rest came late."""
        if data[:1] in _INTRODUCERS:
            if len(data) == 1:
                return False
            self._buffer[:0] = b"\x1b"
        self._mode = _Mode.GROUND
        return True

    # -- bytes that did not come -------------------------------------------------------------------

    def _time_out(self) -> None:
        match self._mode:
            case _Mode.GROUND:
                self._time_out_ground()
            case _Mode.STRING if self._is_empty:
                if not self._is_eight_bit:
                    self._tokens.append(Control(self._introducer.decode()))
                self._suspect(_Rest.OF_STRING)
            case _Mode.STRING:
                self._drop(Dropped.SEQUENCE, _Rest.OF_STRING)
            case _Mode.PASTE:
                self._buffer[:0] = self._paste
                self._paste.clear()
                self._drop(Dropped.PASTE, _Rest.OF_STRING)
            case _Mode.PASTED:
                self._end_paste()
            case _Mode.DROPPING:
                self._suspect(self._rest)
            case _Mode.SUSPICIOUS:
                self._mode = _Mode.GROUND

    def _time_out_ground(self) -> None:
        data = bytes(self._buffer)
        if data == b"\x1b":
            self._tokens.append(Control("\x1b"))
            self._suspect(_Rest.OF_ESCAPE)
        elif _RXVT_KEY.fullmatch(data):
            self._tokens.append(Control(data.decode()))
            self._buffer.clear()
        elif self._is_stray():
            self._suspect(_Rest.OF_STRING)
        elif data[:2] in (b"\x1b[", b"\x1bO"):
            self._buffer.clear()
            self._drop(Dropped.SEQUENCE, _Rest.OF_SEQUENCE)
        else:  # half a character
            self._buffer.clear()

    def _end_paste(self) -> None:
        """Hand over a paste; what came behind its end is read as usual."""
        text = bytes(self._paste).replace(_PASTE_BEGIN, b"").replace(_PASTE_END, b"")
        self._paste.clear()
        self._mode = _Mode.GROUND
        self._tokens.append(
            Dropped.LARGE_PASTE if self._is_large else Pasted(text.decode("utf-8", "replace"))
        )

    def _drop(self, what: Dropped, rest: _Rest) -> None:
        """Drop what there is and what comes, until it is quiet."""
        self._tokens.append(what)
        self._mode, self._rest = _Mode.DROPPING, rest
        self._is_eight_bit = False

    def _suspect(self, rest: _Rest) -> None:
        self._buffer.clear()
        self._mode, self._rest = _Mode.SUSPICIOUS, rest
        self._is_eight_bit = False

    def _take_answers(self, data: bytes) -> bytes:
        """Hand over the answers in what is dropped, since this program counts them.

        Return what is behind the last one.
        """
        end = 0
        for found in _ANSWER.finditer(data):
            self._tokens.append(Control(found[0].decode()))
            end = found.end()
        return data[end:]

    def _consume(self, length: int) -> bytes:
        taken = bytes(self._buffer[:length])
        del self._buffer[:length]
        return taken
