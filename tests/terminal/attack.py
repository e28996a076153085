"""Random bytes between, inside and across escape sequences, sent to the program on a terminal.

None of them is the key that deletes: `D` is only where no key can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from time import perf_counter
from typing import Final

from chatkit_tui.terminal.input_decoder import PATIENCE
from tests.fork_server import Program
from tests.pty_terminal import Terminal
from tests.terminal.payloads import NOT_UTF8, PASTE_END, PASTED, SEQUENCES, STRINGS, bracketed

PROGRAM: Final = Program()
_DIALOG: Final = b"brings them back"
_LEAVES: Final = frozenset(b"Dqsv|\x03\x10\x11\x1a\x1b\x1c" + bytes(range(0x80, 0xA0)))
"""Keys that delete, leave, stop or run another program outside a sequence, or begin one."""
_HARMLESS: Final = bytes(sorted(frozenset(range(256)) - _LEAVES))
_KEYS: Final = (*(bytes([key]) for key in b"jkgGyrnz\t\x1b\r/:?"), b"\x1b[A", b"\x1b[6~", b"\x1bOB")
_PAUSES: Final = (*[0.001] * 12, *[0.003] * 6, 0.01, 0.03, 0.12)
"""Seconds. One of 22 is longer, so that what was begun stalls."""
_STRINGS: Final = (b"\x1b]", b"\x1bP", b"\x1b_", b"\x1b^", b"\x1bX")


@dataclass
class AttackReport:
    """What was sent, and the result."""

    pieces: int = 0
    size: int = 0
    """Bytes."""
    cuts: int = 0
    looks: int = 0
    memory: int = 0
    """Bytes that the program has to itself at the end."""


def attack(
    environment: Mapping[str, str],
    *,
    seed: int,
    seconds: float,
    pieces: int = 200,
    program: Program = PROGRAM,
    patience: float = PATIENCE,
) -> AttackReport:
    """Send random bytes for some seconds; raise if the program ends, hangs or asks to delete.

    After every `pieces`, check that the program responds. Its `patience` is in seconds. The caller
    counts the deletions.
    """
    chance, report = Random(seed), AttackReport()  # noqa: S311 # to be repeated, not to be secret
    pauses = (*_PAUSES, 1.2 * patience)
    with Terminal(program, environment=environment) as terminal:
        terminal.wait_for("loaded")
        end = perf_counter() + seconds
        while not report.looks or perf_counter() < end:
            for _ in range(pieces):
                _send(terminal, chance, pauses, report)
            terminal.catch_up(2.4 * patience)  # a key has its effect
            report.looks += 1
        report.memory = terminal.memory()
        assert _DIALOG not in b"".join(data for _, data in terminal.written)
    return report


def _send(
    terminal: Terminal, chance: Random, pauses: Sequence[float], report: AttackReport
) -> None:
    """Send a piece, perhaps cut in two, with one of the pauses."""
    piece = _piece(chance)
    report.pieces += 1
    report.size += len(piece)
    first, second = piece, b""
    if len(piece) > 1 and chance.random() < 0.5:
        cut = chance.randrange(1, len(piece))
        first, second = piece[:cut], piece[cut:]
        report.cuts += 1
    terminal.send_bytes(first)
    terminal.listen(chance.choice(pauses))
    if second:
        terminal.send_bytes(second)
        terminal.listen(0.001)


def _piece(chance: Random) -> bytes:
    kinds = (_known, _pasted, _string, _control, _between, _key)
    return chance.choice(kinds)(chance)


def _known(chance: Random) -> bytes:
    return chance.choice((*STRINGS[:-1], *SEQUENCES, *NOT_UTF8, *map(bracketed, PASTED[:-1])))


def _pasted(chance: Random) -> bytes:
    return bracketed(_bytes(chance, 60).replace(PASTE_END, b"") + b"Dy")


def _string(chance: Random) -> bytes:
    body = (_bytes(chance, 60) + b"Dy").replace(b"\x07", b"").replace(b"\x1b\\", b"")
    return chance.choice(_STRINGS) + b"0;" + body + b"\x1b\\"


def _control(chance: Random) -> bytes:
    """Make a control sequence; where it can be a key, of a code that is not that of a `D`."""
    numbers = [str(chance.choice((0, 1, 2, 5, 13, 97, 127, 999, 1 << 20, 1 << 40)))]
    numbers += [str(chance.randrange(300)) for _ in range(chance.randrange(3))]
    separators = chance.choice((";", ":", ";:", ""))
    body = separators.join(numbers).encode() + bytes(chance.choices(b"0;:<?=>", k=3))
    return b"\x1b[" + body + bytes([chance.choice(b"@ABCDEFGHIKLMNOQRSTUVWXYZabcdefghmnprtuxy~")])


def _between(chance: Random) -> bytes:
    return bytes(chance.choices(_HARMLESS, k=chance.randrange(1, 12)))


def _key(chance: Random) -> bytes:
    return chance.choice(_KEYS)


def _bytes(chance: Random, most: int) -> bytes:
    """Random bytes with escape sequences and keys that delete among them."""
    parts: Iterator[bytes] = (
        chance.choice((b"\x1b", b"\x1b[", b"D", b"y", b"Dy", b"\x1b[200~", chance.randbytes(3)))
        for _ in range(chance.randrange(most // 3))
    )
    return b"".join(parts)
