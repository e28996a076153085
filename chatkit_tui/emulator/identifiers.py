"""Ids as the API writes them, which also say which row of their list they belong to."""

from __future__ import annotations

import re
from hashlib import blake2b

_LARGEST = 1 << 48
_HEXADECIMAL = re.compile("[0-9a-f]{48}")


class Identifiers:
    """The ids of one list.

    An id is a prefix and 48 hexadecimal digits. The first 8 are the time of creation in Unix
    seconds, as on the real wire. The next 12 are the number of the row, masked by a digest of the
    28 that end the id, so that ids look random and a cursor is still found without a search.
    """

    def __init__(self, prefix: str, seed: str) -> None:
        """`prefix` is `cthr`, `cti`, …; lists with different seeds share no id."""
        self._prefix = prefix
        self._seed = seed

    def make(self, seconds: int, number: int) -> str:
        """The id of row `number` (below 2⁴⁸), created at `seconds`."""
        tail = self._digest(str(number), 14)
        return f"{self._prefix}_{seconds:08x}{number ^ self._mask(tail):012x}{tail}"

    def number(self, identifier: str) -> int | None:
        """The row that an id claims to be of, or None when it is not of this form.

        The claim is proved by making that row's id and comparing.
        """
        prefix, _, digits = identifier.partition("_")
        if prefix != self._prefix or not _HEXADECIMAL.fullmatch(digits):
            return None
        return int(digits[8:20], 16) ^ self._mask(digits[20:])

    def _mask(self, tail: str) -> int:
        return int(self._digest(tail, 6), 16) % _LARGEST

    def _digest(self, text: str, size: int) -> str:
        return blake2b(f"{self._seed}\0{text}".encode(), digest_size=size).hexdigest()
