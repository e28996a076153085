"""Which requests are retried, and how waits are reported."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from chatkit_tui.errors import (
    APIConnectionError,
    APIError,
    APIResponseError,
    APIStatusError,
    APITimeoutError,
    InternalServerError,
    OutcomeUnknownError,
    RateLimitError,
)
from chatkit_tui.sources.openai import ChatKitClient, Retry
from tests.sources.scripted import (
    NOW,
    SESSION,
    THREAD,
    Chunks,
    ScriptedServer,
    Waits,
    answer,
    client_of,
    refused,
    rows,
)

Operation = Callable[[ChatKitClient], Awaitable[Any]]

REPEATABLE: dict[str, tuple[Operation, httpx.Response]] = {
    "list": (lambda client: client.threads.list(), rows("cthr_1", has_more=False)),
    "retrieve": (lambda client: client.threads.retrieve("cthr_1"), answer(THREAD)),
    "list_items": (lambda client: client.threads.list_items("cthr_1"), rows(has_more=False)),
    "delete": (
        lambda client: client.threads.delete("cthr_1"),
        answer({"id": "cthr_1", "deleted": True}),
    ),
    "cancel": (lambda client: client.sessions.cancel("cksess_1"), answer(SESSION)),
}

repeatable = pytest.mark.parametrize("name", REPEATABLE)


def create(client: ChatKitClient) -> Awaitable[Any]:
    return client.sessions.create(user="ada", workflow={"id": "wf_1"})


@repeatable
@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504])
async def test_a_temporary_failure_is_retried(name: str, status: int) -> None:
    operation, good = REPEATABLE[name]
    server, waits = ScriptedServer(refused(status), refused(status), good), Waits()
    async with client_of(server, waits) as client:
        await operation(client)
    assert len(server.requests) == 3
    assert waits.slept == [0.5, 1.0]


@repeatable
@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.WriteTimeout("slow"),
        httpx.PoolTimeout("busy"),
        httpx.ReadError("reset"),
        httpx.WriteError("reset"),
        httpx.RemoteProtocolError("gone"),
        httpx.ProxyError("503"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_dropped_connection_is_retried(name: str, error: Exception) -> None:
    operation, good = REPEATABLE[name]
    server = ScriptedServer(error, error, good)
    async with client_of(server) as client:
        await operation(client)
    assert len(server.requests) == 3


ASKED_AGAIN = {"x-should-retry": "true"}
HALF = httpx.Response(200, stream=Chunks(b'{"id": ', httpx.ReadError("reset")))
"""A success whose body does not come whole."""
Steps = tuple[httpx.Response | Exception, ...]

TRIES_OF_CREATION: dict[str, tuple[Steps, bool]] = {
    "500": ((refused(500),), True),
    "408": ((refused(408),), True),
    "a lost answer": ((httpx.ReadTimeout("slow"),), True),
    "half an answer": ((HALF,), True),
    "an answer that cannot be read": ((answer(body=b"<html>"),), True),
    "an answer of another kind": ((answer([1]),), True),
    "an empty answer": ((answer(status=204, body=b""),), True),
    "500 that asks for another try": ((refused(500, headers=ASKED_AGAIN),), False),
    "500 after one that asks": ((refused(500, headers=ASKED_AGAIN), refused(500)), True),
    "401": ((refused(401),), False),
    "404": ((refused(404),), False),
    "429": ((refused(429),), False),
    "no connection": ((httpx.ConnectError("refused"),), False),
}
TRIES_OF_CANCELLATION: dict[str, tuple[Steps, bool]] = {
    "500": ((refused(500),), True),
    "500 that asks for another try": ((refused(500, headers=ASKED_AGAIN),), True),
    "401 after a lost answer": ((httpx.ReadTimeout("slow"), refused(401)), True),
    "404 after half an answer": ((HALF, refused(404)), True),
    "401 after 429": ((refused(429), refused(401)), False),
    "an answer that cannot be read": ((answer(body=b"fine"),), True),
    "404": ((refused(404),), False),
    "no connection": ((httpx.ConnectError("refused"),), False),
}
TRIES_OF_READING: dict[str, tuple[Steps, bool]] = {
    "500": ((refused(500),), False),
    "a lost answer": ((httpx.ReadTimeout("slow"),), False),
    "an answer that cannot be read": ((answer(body=b"<html>"),), False),
}


@pytest.mark.parametrize(
    ("operation", "steps", "in_doubt"),
    [
        pytest.param(operation, *tries[what], id=f"{name}: {what}")
        for name, operation, tries in (
            ("create", create, TRIES_OF_CREATION),
            ("cancel", REPEATABLE["cancel"][0], TRIES_OF_CANCELLATION),
            ("retrieve", REPEATABLE["retrieve"][0], TRIES_OF_READING),
        )
        for what in tries
    ],
)
async def test_an_error_states_whether_the_request_may_have_had_its_effect(
    operation: Operation, steps: Steps, in_doubt: bool
) -> None:
    async with client_of(ScriptedServer(*steps)) as client:
        with pytest.raises(APIError) as caught:
            await operation(client)
    assert caught.value.in_doubt is in_doubt


async def test_after_two_retries_the_failure_is_raised() -> None:
    server = ScriptedServer(refused(503))
    async with client_of(server) as client:
        with pytest.raises(InternalServerError):
            await client.threads.retrieve("cthr_1")
    assert len(server.requests) == 3


@pytest.mark.parametrize("most", [0, 1, 4])
async def test_the_number_of_retries_is_the_callers_choice(most: int) -> None:
    server = ScriptedServer(httpx.ReadTimeout("slow"))
    async with client_of(server, max_retries=most) as client:
        with pytest.raises(APITimeoutError):
            await client.threads.retrieve("cthr_1")
    assert len(server.requests) == most + 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_a_permanent_failure_is_not_retried(status: int) -> None:
    server = ScriptedServer(refused(status))
    async with client_of(server) as client:
        with pytest.raises(APIStatusError):
            await client.threads.retrieve("cthr_1")
    assert len(server.requests) == 1


async def test_the_server_can_forbid_a_retry() -> None:
    server = ScriptedServer(refused(500, headers={"x-should-retry": "false"}))
    async with client_of(server) as client:
        with pytest.raises(InternalServerError):
            await client.threads.retrieve("cthr_1")
    assert len(server.requests) == 1


async def test_the_server_can_request_a_retry() -> None:
    server = ScriptedServer(refused(404, headers={"x-should-retry": "true"}), answer(THREAD))
    async with client_of(server) as client:
        assert (await client.threads.retrieve("cthr_1")).id == "cthr_1"


async def test_a_response_that_was_cut_short_is_requested_again() -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Chunks(b'{"id": ', httpx.ReadError("reset")))

    server = ScriptedServer(cut, answer(THREAD))
    async with client_of(server) as client:
        assert (await client.threads.retrieve("cthr_1")).title == "A lost parcel"


async def test_a_response_that_is_always_cut_short_is_reported() -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Chunks(b'{"id": ', httpx.ReadTimeout("slow")))

    server = ScriptedServer(cut)
    async with client_of(server) as client:
        with pytest.raises(APIResponseError, match="was cut short") as caught:
            await client.threads.retrieve("cthr_1")
    assert caught.value.excerpt == '{"id": '
    assert len(server.requests) == 3


# -- waits -----------------------------------------------------------------------------------------


async def test_a_wait_is_as_long_as_the_server_asks() -> None:
    server, waits = (
        ScriptedServer(refused(429, headers={"retry-after-ms": "700"}), answer(THREAD)),
        Waits(),
    )
    async with client_of(server, waits) as client:
        await client.threads.retrieve("cthr_1")
    assert waits.slept == [0.7]


async def test_a_delay_is_shortened_at_random() -> None:
    server, waits = ScriptedServer(refused(503), answer(THREAD)), Waits()
    async with client_of(server, waits, random=lambda: 0.5) as client:
        await client.threads.retrieve("cthr_1")
    assert waits.slept == [0.5 * (1 - 0.125)]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    "headers",
    [
        {"retry-after": "121"},
        {"retry-after-ms": "120001"},
        {"retry-after": "3600", "x-should-retry": "true"},
    ],
)
async def test_a_longer_requested_delay_is_raised_instead_of_waited(
    status: int, headers: dict[str, str]
) -> None:
    server, waits = ScriptedServer(refused(status, headers=headers)), Waits()
    async with client_of(server, waits) as client:
        with pytest.raises(APIStatusError) as caught:
            await client.threads.retrieve("cthr_1")
    assert caught.value.retry_after is not None
    assert caught.value.retry_after > 120
    assert (waits.slept, len(server.requests)) == ([], 1)


async def test_a_date_to_wait_for_is_counted_from_the_clock() -> None:
    server = ScriptedServer(refused(429, headers={"retry-after": "Mon, 24 Nov 2025 17:00:00 GMT"}))
    async with client_of(server) as client:
        with pytest.raises(RateLimitError) as caught:
            await client.threads.retrieve("cthr_1")
    assert caught.value.retry_after == 1_764_003_600 - NOW


async def test_each_wait_is_reported_before_it_begins() -> None:
    server = ScriptedServer(
        *(refused(429), httpx.ReadTimeout("slow"), refused(409), refused(503), answer(THREAD))
    )
    waits = Waits()
    async with client_of(server, waits, max_retries=4) as client:
        await client.threads.retrieve("cthr_1")
    assert waits.told == [
        Retry(1, 0.5, "too many requests (429)", 4),
        Retry(2, 1.0, "no answer in time", 4),
        Retry(3, 2.0, "the server answered 409", 4),
        Retry(4, 4.0, "the server failed (503)", 4),
    ]


async def test_an_exception_of_the_callback_ends_the_call() -> None:
    def enough(retry: Retry) -> None:
        raise KeyboardInterrupt

    server = ScriptedServer(refused(503))
    async with client_of(server, on_retry=enough) as client:
        with pytest.raises(KeyboardInterrupt):
            await client.threads.retrieve("cthr_1")
    assert len(server.requests) == 1


# -- new sessions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [httpx.ReadTimeout("slow"), httpx.ReadError("reset"), httpx.RemoteProtocolError("gone")],
    ids=lambda error: type(error).__name__,
)
async def test_a_new_session_that_may_exist_is_never_sent_again(error: Exception) -> None:
    server = ScriptedServer(error)
    async with client_of(server) as client:
        with pytest.raises(OutcomeUnknownError, match="not known whether the session was made"):
            await create(client)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504])
async def test_a_new_session_that_was_refused_is_not_sent_again(status: int) -> None:
    server = ScriptedServer(refused(status))
    async with client_of(server) as client:
        with pytest.raises(APIStatusError):
            await create(client)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
async def test_a_new_session_after_a_server_error_may_exist(status: int) -> None:
    server = ScriptedServer(refused(status))
    async with client_of(server) as client:
        with pytest.raises(APIStatusError) as caught:
            await create(client)
    assert caught.value.status == status
    assert "not known whether the session was made; it was not sent again" in str(caught.value)
    assert "Create another if need be" in str(caught.value)
    assert "ry again" not in str(caught.value)


@pytest.mark.parametrize("status", [400, 409, 429])
async def test_a_new_session_that_was_refused_was_not_made(status: int) -> None:
    async with client_of(ScriptedServer(refused(status))) as client:
        with pytest.raises(APIStatusError) as caught:
            await create(client)
    assert "not known" not in str(caught.value)


async def test_a_new_session_that_the_server_wants_again_was_not_made() -> None:
    server = ScriptedServer(refused(503, headers={"x-should-retry": "true"}))
    async with client_of(server) as client:
        with pytest.raises(InternalServerError, match=r"The server failed \(503\)\. Try again\."):
            await create(client)
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    "error",
    [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("busy")],
    ids=lambda error: type(error).__name__,
)
async def test_a_new_session_that_was_never_sent_is_sent_again(error: Exception) -> None:
    server = ScriptedServer(error, error, answer(SESSION))
    async with client_of(server) as client:
        assert (await create(client)).id == "cksess_1"


async def test_a_new_session_that_was_never_sent_has_no_unknown_outcome() -> None:
    async with client_of(ScriptedServer(httpx.ConnectError("refused"))) as client:
        with pytest.raises(APIConnectionError) as caught:
            await create(client)
    assert not isinstance(caught.value, OutcomeUnknownError)
    assert "not known" not in str(caught.value)


async def test_a_new_session_that_the_server_asks_for_again_is_sent_again() -> None:
    server = ScriptedServer(refused(503, headers={"x-should-retry": "true"}), answer(SESSION))
    async with client_of(server) as client:
        assert (await create(client)).id == "cksess_1"


async def test_a_new_session_whose_answer_was_cut_short_is_not_sent_again() -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Chunks(b'{"id": ', httpx.ReadError("reset")))

    server = ScriptedServer(cut)
    async with client_of(server) as client:
        with pytest.raises(APIResponseError, match="the session was made all the same"):
            await create(client)
    assert len(server.requests) == 1
