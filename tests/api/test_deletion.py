"""Deleting a thread: what counts as deleted, and what is said when nobody knows."""

from __future__ import annotations

import httpx
import pytest

from chatkit_tui.errors import (
    APIConnectionError,
    AuthenticationError,
    InternalServerError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitError,
    ReadOnlyError,
)
from tests.api.scripted import THREAD, Chunks, ScriptedServer, answer, client_of, refused

GONE = refused(404)
THERE = answer(THREAD)
LOST = httpx.ReadTimeout("slow")


@pytest.mark.parametrize(
    "response",
    [
        answer({"id": "cthr_1", "object": "chatkit.thread.deleted", "deleted": True}),
        answer({"id": "cthr_1", "object": "thread.deleted"}),
        answer({"object": "something.else", "deleted": False}),
        answer(status=204, body=b""),
        answer(status=202, body=b"accepted"),
        answer(body=b"<html>"),
        answer(body=b"[1]"),
        answer(body=b"[" * 100_000),
        answer(body=b"x" * 100, headers={"content-encoding": "br"}),
    ],
)
async def test_any_good_status_with_any_body_means_deleted(response: httpx.Response) -> None:
    async with client_of(ScriptedServer(response)) as client:
        deleted = await client.threads.delete("cthr_1")
    assert (deleted.id, deleted.deleted) == ("cthr_1", True)


async def test_what_the_server_said_of_a_deletion_is_kept() -> None:
    async with client_of(
        ScriptedServer(answer(body=b'{"object": "x", "deleted": false}'))
    ) as client:
        deleted = await client.threads.delete("cthr_1")
    assert (deleted.object, deleted.raw) == ("x", b'{"object": "x", "deleted": false}')


async def test_a_good_status_whose_body_was_cut_short_means_deleted() -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Chunks(b'{"id"', httpx.ReadError("reset")))

    server = ScriptedServer(cut)
    async with client_of(server) as client:
        assert (await client.threads.delete("cthr_1")).deleted
    assert server.methods == ["DELETE"]


async def test_a_thread_that_was_never_there_is_not_found() -> None:
    server = ScriptedServer(GONE)
    async with client_of(server) as client:
        with pytest.raises(NotFoundError):
            await client.threads.delete("cthr_1")
    assert server.methods == ["DELETE"]


@pytest.mark.parametrize("first", [LOST, refused(500), refused(429), httpx.ReadError("reset")])
async def test_a_thread_that_is_gone_on_a_second_try_was_deleted(
    first: httpx.Response | Exception,
) -> None:
    server = ScriptedServer(first, GONE)
    async with client_of(server) as client:
        assert (await client.threads.delete("cthr_1")).id == "cthr_1"
    assert server.methods == ["DELETE", "DELETE"]


@pytest.mark.parametrize("last", [LOST, refused(500), refused(504), refused(408)])
async def test_a_thread_that_is_gone_when_looked_for_was_deleted(
    last: httpx.Response | Exception,
) -> None:
    server = ScriptedServer(last, last, last, GONE)
    async with client_of(server) as client:
        assert (await client.threads.delete("cthr_1")).deleted
    assert server.methods == ["DELETE", "DELETE", "DELETE", "GET"]


async def test_a_thread_that_is_still_there_after_no_answer_is_of_unknown_outcome() -> None:
    server = ScriptedServer(LOST, LOST, LOST, THERE)
    async with client_of(server) as client:
        with pytest.raises(OutcomeUnknownError, match="still there a moment ago"):
            await client.threads.delete("cthr_1")


async def test_a_thread_that_cannot_be_looked_for_is_of_unknown_outcome() -> None:
    server = ScriptedServer(LOST)
    async with client_of(server) as client:
        with pytest.raises(OutcomeUnknownError, match="Looking for it failed as well"):
            await client.threads.delete("cthr_1")
    assert server.methods == ["DELETE"] * 3 + ["GET"] * 3


async def test_a_thread_that_is_still_there_after_a_servers_failure_was_not_deleted() -> None:
    failed = refused(500)
    async with client_of(ScriptedServer(failed, failed, failed, THERE)) as client:
        with pytest.raises(InternalServerError):
            await client.threads.delete("cthr_1")


async def test_a_try_that_may_have_arrived_is_looked_after_whatever_came_later() -> None:
    refusing = httpx.ConnectError("refused")
    server = ScriptedServer(LOST, refusing, refusing, GONE)
    async with client_of(server) as client:
        assert (await client.threads.delete("cthr_1")).deleted


async def test_a_deletion_that_was_never_sent_is_not_looked_after() -> None:
    server = ScriptedServer(httpx.ConnectError("refused"))
    async with client_of(server, max_retries=0) as client:
        with pytest.raises(APIConnectionError) as caught:
            await client.threads.delete("cthr_1")
    assert not isinstance(caught.value, OutcomeUnknownError)
    assert server.methods == ["DELETE"]


async def test_a_deletion_that_never_got_out_in_three_tries_is_not_of_unknown_outcome() -> None:
    server = ScriptedServer(httpx.ConnectError("refused"))
    async with client_of(server) as client:
        with pytest.raises(APIConnectionError) as caught:
            await client.threads.delete("cthr_1")
    assert not isinstance(caught.value, OutcomeUnknownError)
    assert server.methods == ["DELETE"] * 3


@pytest.mark.parametrize(("status", "kind"), [(401, AuthenticationError), (429, RateLimitError)])
async def test_a_deletion_that_was_refused_is_refused(status: int, kind: type[Exception]) -> None:
    server = ScriptedServer(refused(status))
    async with client_of(server, max_retries=0) as client:
        with pytest.raises(kind):
            await client.threads.delete("cthr_1")
    assert server.methods == ["DELETE"]


async def test_read_only_leaves_the_thread_alone() -> None:
    server = ScriptedServer(THERE)
    async with client_of(server, read_only=True) as client:
        with pytest.raises(ReadOnlyError, match="thread cthr_1"):
            await client.threads.delete("cthr_1")
    assert server.requests == []


@pytest.mark.parametrize(
    ("responses", "request_id"),
    [
        ([answer(THREAD, headers={"x-request-id": "req_1"})], "req_1"),
        ([refused(500), refused(404, headers={"x-request-id": "req_2"})], "req_2"),
        ([LOST, LOST, LOST, refused(404, headers={"x-request-id": "req_3"})], "req_3"),
        ([answer(THREAD)], None),
    ],
)
async def test_a_deletion_has_the_request_id_of_what_settled_it(
    responses: list[httpx.Response | Exception], request_id: str | None
) -> None:
    async with client_of(ScriptedServer(*responses)) as client:
        assert (await client.threads.delete("cthr_1")).request_id == request_id
