"""The order of requests over the limit of concurrency, and clients with other options."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import httpx
import pytest

from chatkit_tui.emulator import DEMO_KEY, Emulator
from chatkit_tui.emulator.requests import Request, Response
from chatkit_tui.errors import APIConnectionError, ConfigError, InternalServerError
from chatkit_tui.sources.http.transport import AT_ONCE, PriorityLimiter
from chatkit_tui.sources.openai import ChatKitClient
from tests.sources.scripted import THREAD, ScriptedServer, Waits, answer, client_of, refused


class Counting(httpx.AsyncBaseTransport):
    """Holds every request until it is released, and records their order."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.inside = self.most = 0
        self.full = asyncio.Event()
        self._go = asyncio.Semaphore(0)

    def let_go(self, count: int) -> None:
        for _ in range(count):
            self._go.release()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.came.append(request.url.path.rsplit("/", 1)[-1])
        self.inside += 1
        self.most = max(self.most, self.inside)
        if self.inside == AT_ONCE:
            self.full.set()
        try:
            await self._go.acquire()
        finally:
            self.inside -= 1
        return answer(THREAD)


async def asked(client: ChatKitClient, *thread_ids: str) -> list[asyncio.Task[object]]:
    """Calls that have begun to wait for their turn, in this order."""
    tasks: list[asyncio.Task[object]] = []
    for thread_id in thread_ids:
        tasks.append(asyncio.create_task(_retrieve(client, thread_id)))
        await asyncio.sleep(0)
    return tasks


async def _retrieve(client: ChatKitClient, thread_id: str) -> object:
    return await client.threads.retrieve(thread_id)


async def test_a_foreground_request_overtakes_only_background_requests() -> None:
    line = Counting()
    async with client_of(line) as client:
        behind = client.with_options(background=True)
        tasks = await asked(client, "a", "b", "c", "d")
        await line.full.wait()
        tasks += await asked(behind, "later", "last")
        tasks += await asked(client, "wanted", "next")
        line.let_go(8)
        await asyncio.gather(*tasks)
    assert line.came == ["a", "b", "c", "d", "wanted", "next", "later", "last"]
    assert line.most == AT_ONCE


async def test_a_request_cancelled_while_waiting_is_never_sent() -> None:
    line = Counting()
    async with client_of(line) as client:
        tasks = await asked(client, "a", "b", "c", "d")
        await line.full.wait()
        given_up, *others = await asked(client, "given-up", "wanted")
        given_up.cancel()
        line.let_go(5)
        await asyncio.gather(*tasks, *others)
    assert line.came == ["a", "b", "c", "d", "wanted"]
    assert given_up.cancelled()


async def test_the_slot_of_a_cancelled_waiter_is_given_to_the_next() -> None:
    line = Counting()
    async with client_of(line) as client:
        first, *tasks = await asked(client, "a", "b", "c", "d")
        await line.full.wait()
        leaving, *others = await asked(client, "leaving", "wanted")
        first.cancel()
        await asyncio.sleep(0)  # its turn is handed to the one that leaves in the same moment
        leaving.cancel()
        line.let_go(4)
        await asyncio.gather(*tasks, *others)
        with suppress(asyncio.CancelledError):
            await leaving
    assert line.came[-1] == "wanted"


async def test_the_slot_of_a_request_cancelled_at_once_is_given_to_the_next() -> None:
    turns = PriorityLimiter(1)
    first = turns.turn(background=False)
    await first.__aenter__()

    async def take() -> None:
        async with turns.turn(background=False):
            pass

    leaving, staying = asyncio.create_task(take()), asyncio.create_task(take())
    await asyncio.sleep(0)
    await first.__aexit__(None, None, None)  # the turn is handed to the first that waits
    leaving.cancel()
    async with asyncio.timeout(60):
        await staying
    assert leaving.cancelled()


async def test_a_server_never_receives_more_than_four_requests_at_once(
    emulator: Emulator, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = emulator.respond
    inside = most = 0

    async def counted(call: Request) -> Response:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        try:
            return await answered(call)
        finally:
            inside -= 1

    monkeypatch.setattr(emulator, "respond", counted)
    emulator.latency = 20
    async with ChatKitClient(api_key=DEMO_KEY, base_url=address) as client:
        behind = client.with_options(background=True)
        thread_id = emulator.thread_id()
        await asyncio.gather(
            *(behind.threads.retrieve(thread_id) for _ in range(6)),
            *(client.threads.list(limit=1) for _ in range(6)),
        )
    assert len(emulator.requests) == 12
    assert 1 < most <= AT_ONCE


# -- options ---------------------------------------------------------------------------------------


async def test_a_caller_is_notified_of_its_own_retries_only() -> None:
    waits, told = Waits(), Waits()
    server = ScriptedServer(refused(503), answer(THREAD), refused(503), answer(THREAD))
    async with client_of(server, waits) as client:
        await client.with_options(on_retry=told.told.append).threads.retrieve("cthr_1")
        assert [(retry.attempt, retry.most) for retry in told.told] == [(1, 2)]
        assert waits.told == []
        await client.threads.retrieve("cthr_1")
        assert len(told.told) == len(waits.told) == 1


async def test_each_try_reports_whether_the_server_was_reached() -> None:
    reached: list[bool] = []
    server = ScriptedServer(httpx.ConnectError("no route"), refused(503), answer(THREAD))
    async with client_of(server) as client:
        await client.with_options(on_reach=reached.append).threads.retrieve("cthr_1")
    assert reached == [False, True, True]


async def test_a_response_is_read_when_the_caller_lets_it_be() -> None:
    arrived, allowed = asyncio.Event(), asyncio.Event()

    async def before_read() -> None:
        arrived.set()
        await allowed.wait()

    async with client_of(ScriptedServer(answer(THREAD))) as client:
        reader = client.with_options(before_read=before_read)
        thread = asyncio.create_task(reader.threads.retrieve("cthr_1"))
        await arrived.wait()
        assert not thread.done()
        allowed.set()
        assert (await thread).id == "cthr_1"


async def test_changed_options_leave_the_others_unchanged() -> None:
    server = ScriptedServer(refused(503))
    async with client_of(server, max_retries=5) as client:
        with pytest.raises(InternalServerError):
            await client.with_options(max_retries=0).threads.retrieve("cthr_1")
        assert len(server.requests) == 1
        with pytest.raises(InternalServerError):
            await client.with_options(background=True).threads.retrieve("cthr_1")
        assert len(server.requests) == 7
        with pytest.raises(ConfigError):
            client.with_options(max_retries=-1)


async def test_closing_a_client_closes_all_that_share_its_connections() -> None:
    async with client_of(ScriptedServer(answer(THREAD))) as client:
        other = client.with_options(background=True)
    with pytest.raises(APIConnectionError, match="closed"):
        await other.threads.retrieve("cthr_1")
