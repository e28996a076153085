"""When something began: by what the wire says, or by its id."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

LAST_SECOND: Final = 253_402_300_799
"""31 December 9999, 23:59:59 UTC: the last second that a calendar can show."""

_DATED_ID = re.compile(r"(?:cthr|cthi|cti|cfile|cksess)_([0-9a-f]{8})[0-9a-f]{40}")


class Timestamp(NamedTuple):
    """A moment in Unix seconds; `approximate` when it was decoded from an id."""

    seconds: int
    approximate: bool = False


def time_of_id(identifier: str) -> Timestamp | None:
    """The time of creation that the API writes into its ids, or None for any other id.

    Ids are a prefix and 48 hexadecimal digits, the first 8 of which are Unix seconds.
    """
    match = _DATED_ID.fullmatch(identifier)
    return Timestamp(int(match[1], 16), approximate=True) if match else None


def time_of(created_at: int | None, identifier: str) -> Timestamp | None:
    """`created_at` if there is one, else what the id says, else None."""
    return time_of_id(identifier) if created_at is None else Timestamp(created_at)
