"""What an answer of the hosted API proves about a deletion: policy without a network.

| answer | outcome |
|---|---|
| 2xx with this id and `deleted` true, also where only the beginning of the body came | deleted |
| 2xx without a body | deleted; the reason says that the answer was empty |
| 2xx with `deleted` false, when no earlier try is of unknown outcome | failed |
| 202, and any other 2xx: a web page, another id, an error, no proof so far | unknown |
| 404 of the API itself, after a try of unknown outcome | deleted |
| any other 3xx or 4xx, when no earlier try is of unknown outcome | failed |
| 408, 5xx, no answer to a request that may have arrived | unknown |
| a refusal, or `deleted` false, after a try of unknown outcome | unknown |

A 202 is never proof, whatever it says. Neither a refusal nor a denial settles what an earlier try
left open: that try may still delete the thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chatkit_tui.models.json import JSON
from chatkit_tui.models.raw_json import leading_members
from chatkit_tui.sources.base import Outcome
from chatkit_tui.sources.http.connection_errors import (
    ConnectionFailure,
    describe_bad_body,
    fault_of_transfer,
)
from chatkit_tui.sources.http.response import RawResponse
from chatkit_tui.sources.http.retry import retry_reason
from chatkit_tui.sources.http.status_errors import is_from_api

READ_AT_MOST: Final = 64 * 1024
"""Bytes at the beginning of a body in which a proof is looked for; a real one has about 150."""

NO_BODY: Final = "the answer had no body"
GONE_ON_RETRY: Final = "not found (404) after a try of unknown outcome"
GONE_WHEN_LOOKED_UP: Final = "not found (404) when looked up"

STILL_THERE: Final = "still there when looked up"
NOT_FOUND_OUT: Final = "could not be looked up"

LOOKED_UP: Final = {
    STILL_THERE: "It was still there a moment ago.",
    NOT_FOUND_OUT: "Looking for it failed as well.",
}
"""What a look-up that proves nothing showed, for messages, by its reason."""

_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is proved: deleted, failed or unknown, and why in the program's own words."""

    outcome: Outcome
    reason: str = ""
    """Empty where the body of the answer is the proof."""


def judge(result: RawResponse | ConnectionFailure, thread_id: str, *, in_doubt: bool) -> Verdict:
    """Return what the last answer to a deletion proves.

    `in_doubt` is whether any try, this one included, may have deleted the thread unproved.
    """
    not_done = Outcome.UNKNOWN if in_doubt else Outcome.FAILED
    if isinstance(result, RawResponse):
        if result.ok:
            return _judge_success(result, thread_id, not_done)
        if in_doubt and result.status == 404 and is_from_api(result):
            return Verdict(Outcome.DELETED, GONE_ON_RETRY)
    return Verdict(not_done, retry_reason(result))


def judge_look_up(result: RawResponse | ConnectionFailure, thread_id: str) -> Verdict:
    """Return what retrieving a thread proves about a deletion of unknown outcome.

    A thread that is there still proves nothing: the deletion may be under way.
    """
    if isinstance(result, RawResponse) and result.status == 404 and is_from_api(result):
        return Verdict(Outcome.DELETED, GONE_WHEN_LOOKED_UP)
    if isinstance(result, RawResponse) and result.ok:
        members = dict(leading_members(result.body[:READ_AT_MOST]))
        if members.get("id") == thread_id:
            return Verdict(Outcome.UNKNOWN, STILL_THERE)
    return Verdict(Outcome.UNKNOWN, NOT_FOUND_OUT)


def _judge_success(answer: RawResponse, thread_id: str, denied: Outcome) -> Verdict:
    """Return what a 2xx answer proves; `denied` is the outcome if it denies the deletion."""
    status = answer.status
    if status == 202:
        return Verdict(Outcome.UNKNOWN, "the server only accepted the request (202)")
    transfer = fault_of_transfer(answer)
    if not answer.body.strip() and not transfer:
        return Verdict(Outcome.DELETED, NO_BODY)
    members: dict[str, JSON] = {}
    contradictory = False
    for name, value in leading_members(answer.body[:READ_AT_MOST]):
        contradictory = contradictory or (name in members and members[name] != value)
        members[name] = value
    named, deleted = members.get("id", _ABSENT), members.get("deleted")
    if contradictory:
        fault = "contradicts itself"
    elif members.get("error"):
        fault = "holds an error"
    elif named not in (thread_id, _ABSENT):
        fault = "names another thread"
    elif deleted is False:
        return Verdict(denied, f"the answer ({status}) says that it was not deleted")
    elif deleted is True and named == thread_id:
        return Verdict(Outcome.DELETED)
    else:
        fault = transfer or _fault_of(answer.body)
    return Verdict(Outcome.UNKNOWN, f"the answer ({status}) {fault}")


def _fault_of(body: bytes) -> str:
    text = body.strip()
    if text.startswith(b"{") and text.endswith(b"}"):
        return "holds no confirmation"
    return describe_bad_body(body)
