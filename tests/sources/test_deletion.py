"""Deleting a thread: proof, and the message for an unknown outcome."""

from __future__ import annotations

import httpx
import pytest

from chatkit_tui.errors import (
    APIConnectionError,
    APIResponseError,
    APIStatusError,
    AuthenticationError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitError,
    ReadOnlyError,
)
from tests.sources.scripted import THREAD, Chunks, ScriptedServer, answer, client_of, refused

GONE = refused(404)
THERE = answer(THREAD)
PAGE_404 = answer(status=404, body=b"<html><h1>404 Not Found</h1></html>")
LOST = httpx.ReadTimeout("slow")


def proof(**fields: object) -> httpx.Response:
    """The answer of the API, with these fields."""
    return answer({"id": "cthr_1", "object": "chatkit.thread.deleted", "deleted": True, **fields})


async def test_what_the_server_said_of_a_deletion_is_kept() -> None:
    async with client_of(ScriptedServer(proof(object="x", more=1))) as client:
        deleted = await client.threads.delete("cthr_1")
    assert (deleted.id, deleted.object, deleted.proof) == ("cthr_1", "x", "")
    assert b'"more": 1' in deleted.raw


async def test_a_success_without_a_body_is_reported_as_such() -> None:
    server = ScriptedServer(answer(status=204, body=b""))
    async with client_of(server) as client:
        deleted = await client.threads.delete("cthr_1")
    assert (deleted.id, deleted.proof) == ("cthr_1", "the answer had no body")
    assert server.methods == ["DELETE"]


@pytest.mark.parametrize(
    "response",
    [
        answer({"object": "chatkit.thread.deleted", "deleted": True}),
        answer({"id": "cthr_2", "deleted": True}),
        answer(status=202, body=b"accepted"),
        answer(body=b"<html>"),
        answer(body=b"[" * 100_000),
        answer(body=b"x" * 100, headers={"content-encoding": "br"}),
    ],
)
async def test_a_success_that_confirms_nothing_is_looked_after(response: httpx.Response) -> None:
    for look, words in ((THERE, "still there a moment ago"), (refused(500), "failed as well")):
        server = ScriptedServer(response, look)
        async with client_of(server, max_retries=0) as client:
            with pytest.raises(OutcomeUnknownError, match=words) as caught:
                await client.threads.delete("cthr_1")
        assert server.methods == ["DELETE", "GET"]
        assert str(caught.value).startswith(("The answer (200) ", "The server only accepted "))
    async with client_of(ScriptedServer(response, GONE)) as client:
        assert (await client.threads.delete("cthr_1")).proof == "not found (404) when looked up"


async def test_a_server_that_denies_the_deletion_is_believed() -> None:
    server = ScriptedServer(proof(deleted=False))
    async with client_of(server) as client:
        with pytest.raises(APIResponseError, match="says that it was not deleted"):
            await client.threads.delete("cthr_1")
    assert server.methods == ["DELETE"]


@pytest.mark.parametrize("first", [LOST, refused(500), refused(408), httpx.ReadError("reset")])
async def test_a_denial_after_a_try_of_unknown_outcome_is_looked_after(
    first: httpx.Response | Exception,
) -> None:
    server = ScriptedServer(first, proof(deleted=False), GONE)
    async with client_of(server) as client:
        deleted = await client.threads.delete("cthr_1")
    assert deleted.proof == "not found (404) when looked up"
    assert server.methods == ["DELETE", "DELETE", "GET"]
    async with client_of(ScriptedServer(first, proof(deleted=False), THERE)) as client:
        with pytest.raises(OutcomeUnknownError, match="still there a moment ago") as caught:
            await client.threads.delete("cthr_1")
    assert "says that it was not deleted" in str(caught.value)


@pytest.mark.parametrize("first", [refused(409), refused(429), httpx.ConnectError("refused")])
async def test_a_denial_after_a_try_that_did_nothing_is_believed(
    first: httpx.Response | Exception,
) -> None:
    server = ScriptedServer(first, proof(deleted=False))
    async with client_of(server) as client:
        with pytest.raises(APIResponseError, match="says that it was not deleted"):
            await client.threads.delete("cthr_1")
    assert server.methods == ["DELETE", "DELETE"]


async def test_a_body_that_is_cut_short_proves_what_came_of_it() -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        began = b'{"id":"cthr_1","deleted":true,"object":"chat'
        return httpx.Response(200, stream=Chunks(began, httpx.ReadError("reset")))

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


@pytest.mark.parametrize("first", [LOST, refused(500), refused(408), httpx.ReadError("reset")])
async def test_a_thread_that_is_gone_on_a_second_try_was_deleted(
    first: httpx.Response | Exception,
) -> None:
    server = ScriptedServer(first, GONE)
    async with client_of(server) as client:
        assert (await client.threads.delete("cthr_1")).id == "cthr_1"
    assert server.methods == ["DELETE", "DELETE"]


@pytest.mark.parametrize("first", [refused(409), refused(429), httpx.ConnectError("refused")])
async def test_a_thread_that_is_gone_after_a_try_that_did_nothing_is_not_found(
    first: httpx.Response | Exception,
) -> None:
    server = ScriptedServer(first, GONE)
    async with client_of(server) as client:
        with pytest.raises(NotFoundError):
            await client.threads.delete("cthr_1")
    assert server.methods == ["DELETE", "DELETE"]


@pytest.mark.parametrize("last", [refused(401), refused(409), refused(429), PAGE_404])
async def test_a_refusal_after_a_lost_answer_is_looked_after(last: httpx.Response) -> None:
    server = ScriptedServer(LOST, last, GONE)
    async with client_of(server, max_retries=1) as client:
        assert (await client.threads.delete("cthr_1")).deleted
    assert server.methods == ["DELETE", "DELETE", "GET"]
    async with client_of(ScriptedServer(LOST, last, THERE), max_retries=1) as client:
        with pytest.raises(OutcomeUnknownError, match="still there a moment ago") as caught:
            await client.threads.delete("cthr_1")
    assert isinstance(caught.value.__cause__, APIStatusError)


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


async def test_a_thread_that_is_still_there_after_a_servers_failure_is_of_unknown_outcome() -> None:
    failed = refused(500)
    async with client_of(ScriptedServer(failed, failed, failed, THERE)) as client:
        with pytest.raises(OutcomeUnknownError, match=r"^The server failed \(500\)\.") as caught:
            await client.threads.delete("cthr_1")
    assert caught.value.reason == "the server failed (500); still there when looked up"


@pytest.mark.parametrize("look", [PAGE_404, answer(body=b"<html>"), answer({"id": "cthr_2"})])
async def test_a_look_up_that_a_gateway_answers_proves_nothing(look: httpx.Response) -> None:
    async with client_of(ScriptedServer(refused(500), look), max_retries=0) as client:
        with pytest.raises(OutcomeUnknownError, match="Looking for it failed as well"):
            await client.threads.delete("cthr_1")


async def test_a_try_that_may_have_arrived_is_looked_up_after_any_later_response() -> None:
    refusing = httpx.ConnectError("refused")
    server = ScriptedServer(LOST, refusing, refusing, GONE)
    async with client_of(server) as client:
        assert (await client.threads.delete("cthr_1")).deleted


async def test_a_deletion_that_was_never_sent_is_not_looked_up() -> None:
    server = ScriptedServer(httpx.ConnectError("refused"))
    async with client_of(server, max_retries=0) as client:
        with pytest.raises(APIConnectionError) as caught:
            await client.threads.delete("cthr_1")
    assert not isinstance(caught.value, OutcomeUnknownError)
    assert server.methods == ["DELETE"]


async def test_a_deletion_that_was_not_sent_in_three_tries_has_no_unknown_outcome() -> None:
    server = ScriptedServer(httpx.ConnectError("refused"))
    async with client_of(server) as client:
        with pytest.raises(APIConnectionError) as caught:
            await client.threads.delete("cthr_1")
    assert not isinstance(caught.value, OutcomeUnknownError)
    assert server.methods == ["DELETE"] * 3


@pytest.mark.parametrize(("status", "kind"), [(401, AuthenticationError), (429, RateLimitError)])
async def test_a_rejected_deletion_raises_the_servers_error(
    status: int, kind: type[Exception]
) -> None:
    server = ScriptedServer(refused(status))
    async with client_of(server, max_retries=0) as client:
        with pytest.raises(kind):
            await client.threads.delete("cthr_1")
    assert server.methods == ["DELETE"]


async def test_read_only_mode_deletes_no_thread() -> None:
    server = ScriptedServer(THERE)
    async with client_of(server, read_only=True) as client:
        with pytest.raises(ReadOnlyError, match="thread cthr_1"):
            await client.threads.delete("cthr_1")
    assert server.requests == []


@pytest.mark.parametrize(
    ("responses", "request_id"),
    [
        ([answer(status=204, body=b"", headers={"x-request-id": "req_1"})], "req_1"),
        ([refused(500), refused(404, headers={"x-request-id": "req_2"})], "req_2"),
        ([LOST, LOST, LOST, refused(404, headers={"x-request-id": "req_3"})], "req_3"),
        ([proof()], None),
    ],
)
async def test_a_deletion_has_the_request_id_of_its_proof(
    responses: list[httpx.Response | Exception], request_id: str | None
) -> None:
    async with client_of(ScriptedServer(*responses)) as client:
        assert (await client.threads.delete("cthr_1")).request_id == request_id
