"""What a response proves about a deletion: policy without a network.

| response | outcome |
|---|---|
| 2xx, unless its body is a web page or holds an error | deleted |
| any other 3xx or 4xx, when no earlier try is of unknown outcome | failed |
| 408, 5xx, a web page, no response | unknown: the thread is looked up in the list of threads |

A thread that the list had before and does not have now was deleted. What the list never had proves
nothing by its absence: it may belong to another user.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from chatkit_tui.models.raw_json import leading_members
from chatkit_tui.sources.base import Outcome
from chatkit_tui.sources.http.connection_errors import ConnectionFailure
from chatkit_tui.sources.http.response import RawResponse
from chatkit_tui.sources.http.retry import retry_reason
from chatkit_tui.sources.http.status_errors import is_web_page

NOT_LISTED: Final = "no longer in the list of threads"


class ListLookup(Enum):
    """The result of a lookup in the list of threads; its value is a sentence for users."""

    LISTED = "It was still there a moment ago."
    MISSING = "The list of threads does not have it; whether it had it before is not known."
    UNKNOWN = "Looking for it failed as well."


class Verdict(NamedTuple):
    """The outcome that is proved, or that it is unknown, and why in the program's own words."""

    outcome: Outcome
    reason: str = ""


def judge(result: RawResponse | ConnectionFailure, *, in_doubt: bool) -> Verdict:
    """Return what the last response to a deletion proves.

    `in_doubt` is whether any try, this one included, may have deleted the thread unproved.
    """
    if not isinstance(result, RawResponse) or not result.ok:
        return Verdict(Outcome.UNKNOWN if in_doubt else Outcome.FAILED, retry_reason(result))
    if is_web_page(result):
        return Verdict(Outcome.UNKNOWN, f"the answer ({result.status}) is a web page")
    if dict(leading_members(result.body)).get("error"):
        return Verdict(Outcome.UNKNOWN, f"the answer ({result.status}) holds an error")
    return Verdict(Outcome.DELETED)
