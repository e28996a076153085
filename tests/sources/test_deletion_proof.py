"""What each response proves about a deletion, as a table; a part of one proves no more."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.models.raw_json import leading_members
from chatkit_tui.sources.base import Outcome
from chatkit_tui.sources.http.connection_errors import ConnectionFailure, connection_failure
from chatkit_tui.sources.http.request import Request
from chatkit_tui.sources.http.response import RawResponse
from chatkit_tui.sources.openai.account import Account
from chatkit_tui.sources.openai.deletion_proof import (
    GONE_ON_RETRY,
    GONE_WHEN_LOOKED_UP,
    NO_BODY,
    NOT_FOUND_OUT,
    READ_AT_MOST,
    STILL_THERE,
    Verdict,
    judge,
    judge_look_up,
)

ID = "cthr_1"
PROOF = b'{"id":"cthr_1","object":"chatkit.thread.deleted","deleted":true}'
ERROR = {"message": "No.", "type": "invalid_request_error", "param": None, "code": None}


def error(**fields: Any) -> bytes:
    """The API's error object, with these fields."""
    return json.dumps({"error": {**ERROR, **fields}}).encode()


def failure(cause: Exception) -> ConnectionFailure:
    """A try without an answer."""
    account = Account(api_key="sk-test-0123456789", base_url="https://api.example.test/v1")
    return connection_failure(cause, Request("DELETE", "/x", subject="x"), account)


DELETED: dict[str, RawResponse] = {
    "the documented answer": RawResponse(200, {}, PROOF),
    "another object": RawResponse(200, {}, b'{"deleted": true, "object": "x", "id": "cthr_1"}'),
    "more fields": RawResponse(200, {}, b'{"id":"cthr_1","x":[{"deleted":false}],"deleted":true}'),
    "an error that is null": RawResponse(200, {}, b'{"id":"cthr_1","deleted":true,"error":null}'),
    "the same said twice": RawResponse(200, {}, b'{"id":"cthr_1","id":"cthr_1","deleted":true}'),
    "an escaped id": RawResponse(200, {}, rb'{"id":"cthr_\u0031","deleted":true}'),
    "a mark of UTF-8 before it": RawResponse(200, {}, b"\xef\xbb\xbf \r\n" + PROOF),
    "201": RawResponse(201, {}, PROOF),
    "203": RawResponse(203, {}, PROOF),
    "cut short behind the proof": RawResponse(200, {}, PROOF[:-1], cut_short=True),
    "cut short in what follows": RawResponse(200, {}, PROOF[:-1] + b',"x":"', cut_short=True),
    "a tail over the limit": RawResponse(200, {}, PROOF + b" " * READ_AT_MOST, too_large=True),
}

EMPTY: dict[str, RawResponse] = {
    "204": RawResponse(204, {}),
    "200": RawResponse(200, {}),
    "205": RawResponse(205, {}),
    "white space": RawResponse(200, {}, b"\r\n"),
}

FAILED: dict[str, tuple[RawResponse | ConnectionFailure, str]] = {
    "denied": (
        RawResponse(200, {}, b'{"id":"cthr_1","deleted":false}'),
        "the answer (200) says that it was not deleted",
    ),
    "denied without an id": (
        RawResponse(200, {}, b'{"deleted":false}'),
        "the answer (200) says that it was not deleted",
    ),
    "not there": (RawResponse(404, {}, error()), "the server answered 404"),
    "a gateway's 404": (RawResponse(404, {}, b"<html>"), "the server answered 404"),
    **{
        f"{status}": (RawResponse(status, {}, error()), f"the server answered {status}")
        for status in (300, 301, 302, 303, 307, 400, 401, 403, 405, 409, 410, 418, 422, 451)
    },
    "429": (RawResponse(429, {}, error()), "too many requests (429)"),
    "never sent": (failure(httpx.ConnectError("refused")), "no connection"),
}

NO_CONFIRMATION = "the answer (200) holds no confirmation"
ANOTHER = "the answer (200) names another thread"
UNKNOWN: dict[str, tuple[RawResponse, str]] = {
    "202 with a proof": (RawResponse(202, {}, PROOF), "the server only accepted the request (202)"),
    "202 without a body": (RawResponse(202, {}), "the server only accepted the request (202)"),
    "202 that denies": (
        RawResponse(202, {}, b'{"id":"cthr_1","deleted":false}'),
        "the server only accepted the request (202)",
    ),
    "a web page": (RawResponse(200, {}, b" <html>"), "the answer (200) is a web page, not JSON"),
    "another id": (RawResponse(200, {}, b'{"id":"cthr_2","deleted":true}'), ANOTHER),
    "another id denied": (RawResponse(200, {}, b'{"id":"cthr_2","deleted":false}'), ANOTHER),
    "an id of other letters": (RawResponse(200, {}, b'{"id":"CTHR_1","deleted":true}'), ANOTHER),
    "an id that is null": (RawResponse(200, {}, b'{"id":null,"deleted":true}'), ANOTHER),
    "an error object": (RawResponse(200, {}, error()), "the answer (200) holds an error"),
    "an error beside a proof": (
        RawResponse(200, {}, PROOF[:-1] + b',"error":"x"}'),
        "the answer (200) holds an error",
    ),
    "both": (
        RawResponse(200, {}, b'{"id":"cthr_1","deleted":true,"deleted":false}'),
        "the answer (200) contradicts itself",
    ),
    "both, the last one with text behind it": (
        RawResponse(200, {}, b'{"id":"cthr_1","deleted":true,"deleted":falsehood}'),
        "the answer (200) contradicts itself",
    ),
    "two ids": (
        RawResponse(200, {}, b'{"id":"cthr_2","id":"cthr_1","deleted":true}'),
        "the answer (200) contradicts itself",
    ),
    "an empty object": (RawResponse(200, {}, b"{}"), NO_CONFIRMATION),
    "no id": (RawResponse(200, {}, b'{"deleted":true}'), NO_CONFIRMATION),
    "no word of it": (RawResponse(200, {}, b'{"id":"cthr_1"}'), NO_CONFIRMATION),
    "a truth of text": (RawResponse(200, {}, b'{"id":"cthr_1","deleted":"true"}'), NO_CONFIRMATION),
    "a truth of numbers": (RawResponse(200, {}, b'{"id":"cthr_1","deleted":1}'), NO_CONFIRMATION),
    "one level down": (RawResponse(200, {}, b'{"data":' + PROOF + b"}"), NO_CONFIRMATION),
    "a list": (
        RawResponse(200, {}, b"[" + PROOF + b"]"),
        "the answer (200) is not JSON of the kind that was asked for",
    ),
    "nested deeply": (
        RawResponse(200, {}, b"[" * 100_000),
        "the answer (200) is not JSON of the kind that was asked for",
    ),
    "nested deeply before the proof": (
        RawResponse(200, {}, b'{"x":' + b"[" * 60_000 + b"]" * 60_000 + b"," + PROOF[1:]),
        NO_CONFIRMATION,
    ),
    "UTF-16": (
        RawResponse(200, {}, PROOF.decode().encode("utf-16")),
        "the answer (200) is not JSON of the kind that was asked for",
    ),
    "text": (
        RawResponse(200, {}, b"OK"),
        "the answer (200) is not JSON of the kind that was asked for",
    ),
    "cut short by itself": (RawResponse(200, {}, PROOF[:30]), "the answer (200) was cut short"),
    "cut short on the way": (
        RawResponse(200, {}, PROOF[:30], cut_short=True),
        "the answer (200) was cut short",
    ),
    "cut short before it began": (
        RawResponse(200, {}, cut_short=True),
        "the answer (200) was cut short",
    ),
    "of an unknown compression": (
        RawResponse(200, {}, garbled=True),
        "the answer (200) is compressed in an unknown way",
    ),
    "too large": (
        RawResponse(200, {}, b" " * 99, too_large=True),
        "the answer (200) is over 64 MiB and was not read",
    ),
    "too costly to be redacted": (
        RawResponse(200, {}, too_large=True, unsearchable=True),
        "the answer (200) has too many escapes or keys in it and was not read",
    ),
    "a proof beyond what is looked at": (
        RawResponse(200, {}, b'{"x":"' + b"x" * READ_AT_MOST + b'",' + PROOF[1:]),
        NO_CONFIRMATION,
    ),
}


@pytest.mark.parametrize("what", DELETED)
@pytest.mark.parametrize("in_doubt", [False, True])
def test_a_confirmation_for_this_id_is_proof(what: str, in_doubt: bool) -> None:
    assert judge(DELETED[what], ID, in_doubt=in_doubt) == Verdict(Outcome.DELETED)


@pytest.mark.parametrize("what", EMPTY)
def test_a_success_without_a_body_is_a_deletion_with_a_reason(what: str) -> None:
    assert judge(EMPTY[what], ID, in_doubt=False) == Verdict(Outcome.DELETED, NO_BODY)


@pytest.mark.parametrize("what", FAILED)
def test_a_refusal_is_a_failure(what: str) -> None:
    result, reason = FAILED[what]
    assert judge(result, ID, in_doubt=False) == Verdict(Outcome.FAILED, reason)


@pytest.mark.parametrize("what", UNKNOWN)
def test_a_success_that_confirms_nothing_is_not_known(what: str) -> None:
    answer, reason = UNKNOWN[what]
    assert judge(answer, ID, in_doubt=False) == Verdict(Outcome.UNKNOWN, reason)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 520, 599])
def test_a_failure_of_the_server_is_not_known(status: int) -> None:
    verdict = judge(RawResponse(status, {}, PROOF), ID, in_doubt=True)
    assert (verdict.outcome, str(status) in verdict.reason) == (Outcome.UNKNOWN, True)


@pytest.mark.parametrize(
    "cause", [httpx.ReadTimeout("slow"), httpx.ReadError("reset"), httpx.ConnectError("later")]
)
def test_no_answer_after_a_try_that_may_have_arrived_is_not_known(cause: Exception) -> None:
    assert judge(failure(cause), ID, in_doubt=True).outcome is Outcome.UNKNOWN


FOREIGN_404 = {
    "a page": b"<html><h1>404 Not Found</h1></html>",
    "no body": b"",
    "text": b"404 page not found\n",
    "Kong": b'{"message":"no Route matched with those values"}',
    "FastAPI": b'{"detail":"Not Found"}',
    "Azure": b'{"statusCode":404,"message":"Resource not found"}',
    "an error of text": b'{"error":"not found"}',
    "an error without a type": b'{"error":{"code":"404","message":"Resource not found"}}',
    "a list": b"[" + error() + b"]",
    "cut short": error()[:-2],
    "nested deeply": b"[" * 100_000,
    "the API's word of a path": error(message="Invalid URL (DELETE /v1/x/chatkit/threads/cthr_1)"),
    "the emulator's word of a path": error(code="unknown_url"),
}


def test_a_404_of_the_api_after_a_try_of_unknown_outcome_is_proof() -> None:
    answer = RawResponse(404, {}, error(message="Thread with id 'cthr_1' not found."))
    assert judge(answer, ID, in_doubt=True) == Verdict(Outcome.DELETED, GONE_ON_RETRY)
    assert judge_look_up(answer, ID) == Verdict(Outcome.DELETED, GONE_WHEN_LOOKED_UP)


@pytest.mark.parametrize("what", FOREIGN_404)
def test_a_404_of_anything_else_proves_nothing(what: str) -> None:
    answer = RawResponse(404, {}, FOREIGN_404[what])
    assert judge(answer, ID, in_doubt=True).outcome is Outcome.UNKNOWN
    assert judge(answer, ID, in_doubt=False).outcome is Outcome.FAILED
    assert judge_look_up(answer, ID) == Verdict(Outcome.UNKNOWN, NOT_FOUND_OUT)


@pytest.mark.parametrize("what", FAILED)
def test_no_rejection_settles_an_earlier_try_of_unknown_outcome(what: str) -> None:
    result, reason = FAILED[what]
    expected = Verdict(Outcome.UNKNOWN, reason)
    if what == "not there":
        expected = Verdict(Outcome.DELETED, GONE_ON_RETRY)
    assert judge(result, ID, in_doubt=True) == expected


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (RawResponse(200, {}, b'{"id":"cthr_1","object":"chatkit.thread"}'), STILL_THERE),
        (RawResponse(200, {}, b'{"id":"cthr_2"}'), NOT_FOUND_OUT),
        (RawResponse(200, {}, b"<html>"), NOT_FOUND_OUT),
        (RawResponse(410, {}, error()), NOT_FOUND_OUT),
        (RawResponse(503, {}, error()), NOT_FOUND_OUT),
        (failure(httpx.ReadTimeout("slow")), NOT_FOUND_OUT),
    ],
)
def test_a_look_up_proves_no_more_than_that(
    answer: RawResponse | ConnectionFailure, reason: str
) -> None:
    assert judge_look_up(answer, ID) == Verdict(Outcome.UNKNOWN, reason)


# -- the beginning of a body -----------------------------------------------------------------------

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=4
)
NAMES = st.sampled_from(["id", "deleted", "error", "object", "x"])
OBJECTS = st.dictionaries(NAMES, VALUES | st.sampled_from([ID, True, False]), max_size=5)


@pytest.mark.slow
@given(OBJECTS, st.data())
def test_the_beginning_of_a_body_has_only_members_of_the_whole(
    value: dict[str, Any], data: Any
) -> None:
    body = json.dumps(value, ensure_ascii=False).encode()
    assert dict(leading_members(body)) == value
    cut = body[: data.draw(st.integers(0, len(body)))]
    for name, member in leading_members(cut):
        # A number at the very end may be incomplete; nothing else can.
        assert name in value
        assert value[name] == member or isinstance(member, int)
    if (
        judge(RawResponse(200, {}, cut, cut_short=True), ID, in_doubt=False).outcome
        is Outcome.DELETED
    ):
        assert (value["id"], value["deleted"]) == (ID, True)


@given(st.binary(max_size=200), st.booleans(), st.booleans())
def test_a_body_without_the_id_is_never_proof(body: bytes, cut: bool, garbled: bool) -> None:
    verdict = judge(RawResponse(200, {}, body, cut, garbled=garbled), ID, in_doubt=False)
    assert verdict.outcome is not Outcome.DELETED or verdict.reason == NO_BODY
    assert (verdict.reason == NO_BODY) == (not body.strip() and not cut and not garbled)
    assert verdict.reason.isprintable()


@pytest.mark.parametrize("length", range(len(PROOF) + 1))
def test_the_response_is_proof_once_its_last_member_is_complete(length: int) -> None:
    verdict = judge(RawResponse(200, {}, PROOF[:length], cut_short=True), ID, in_doubt=False)
    proved = length >= len(PROOF) - 1  # all but the closing brace
    assert verdict.outcome is (Outcome.DELETED if proved else Outcome.UNKNOWN)
