"""Deleting one by one: the order, and what stops the rest."""

from __future__ import annotations

import pytest

from chatkit_tui.deletion import DeletionResult, Outcome, delete_threads
from chatkit_tui.errors import (
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    ChatKitError,
    InternalServerError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitError,
    ReadOnlyError,
)


class Account:
    """Threads that can be deleted, and the errors that some of them answer with."""

    def __init__(self, **errors: ChatKitError) -> None:
        self.errors = errors
        self.asked: list[str] = []

    async def delete(self, thread_id: str) -> None:
        self.asked.append(thread_id)
        if error := self.errors.get(thread_id):
            raise error


async def outcomes(account: Account, *thread_ids: str) -> dict[str, Outcome]:
    return {
        result.thread_id: result.outcome
        async for result in delete_threads(account.delete, thread_ids)
    }


async def test_each_thread_is_asked_for_once_even_when_it_is_named_twice() -> None:
    account = Account()
    assert await outcomes(account, "a", "b", "a") == {"a": Outcome.DELETED, "b": Outcome.DELETED}
    assert account.asked == ["a", "b"]


async def test_a_failure_does_not_stop_the_rest() -> None:
    account = Account(a=APIConnectionError("no route"))
    assert await outcomes(account, "a", "b") == {"a": Outcome.FAILED, "b": Outcome.DELETED}


async def test_an_unknown_outcome_is_not_called_a_failure() -> None:
    account = Account(a=OutcomeUnknownError("no answer"))
    results = [result async for result in delete_threads(account.delete, ["a"])]
    assert results == [DeletionResult("a", Outcome.UNKNOWN, "no answer")]


@pytest.mark.parametrize(
    "error",
    [
        AuthenticationError("bad key", status=401),
        PermissionDeniedError("not yours", status=403),
        ReadOnlyError("read-only"),
        RateLimitError("too fast", status=429, retry_after=120.5),
        InternalServerError("overloaded", status=503, retry_after=300),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_what_the_next_thread_would_meet_too_stops_the_rest(error: ChatKitError) -> None:
    account = Account(b=error)
    assert await outcomes(account, "a", "b", "c", "d") == {
        "a": Outcome.DELETED,
        "b": Outcome.FAILED,
        "c": Outcome.NOT_TRIED,
        "d": Outcome.NOT_TRIED,
    }
    assert account.asked == ["a", "b"]


@pytest.mark.parametrize("wait", [None, 120.0])
async def test_a_rate_limit_that_passes_soon_does_not_stop_the_rest(wait: float | None) -> None:
    account = Account(a=RateLimitError("too fast", status=429, retry_after=wait))
    assert await outcomes(account, "a", "b") == {"a": Outcome.FAILED, "b": Outcome.DELETED}


async def test_a_failure_carries_the_request_id_once() -> None:
    account = Account(
        a=APIStatusError("teapot", status=418, request_id="req_1"),
        b=InternalServerError("failed (request req_2)", status=500, request_id="req_2"),
    )
    results = [result async for result in delete_threads(account.delete, ["a", "b"])]
    assert [result.reason for result in results] == [
        "teapot (request req_1)",
        "failed (request req_2)",
    ]


async def test_nothing_is_sent_after_a_stop() -> None:
    account = Account()
    results = [
        result.outcome
        async for result in delete_threads(
            account.delete, ["a", "b", "c"], stopped=lambda: len(account.asked) == 1
        )
    ]
    assert results == [Outcome.DELETED, Outcome.NOT_TRIED, Outcome.NOT_TRIED]
    assert account.asked == ["a"]
