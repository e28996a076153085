"""Arguments that are rejected before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.errors import InvalidArgumentError
from chatkit_tui.sources.http.request import path_segment
from tests.sources.scripted import SESSION, ScriptedServer, answer, client_of, rows


async def refused_argument(**arguments: Any) -> InvalidArgumentError:
    """Return the error of `threads.list` for arguments; nothing may have been sent."""
    server = ScriptedServer(rows())
    async with client_of(server) as client:
        with pytest.raises(InvalidArgumentError) as caught:
            await client.threads.list(**arguments)
    assert server.requests == []
    return caught.value


@pytest.mark.parametrize("limit", [-1, 101, 1.5, "20", True])
async def test_a_limit_outside_of_0_to_100_is_rejected(limit: Any) -> None:
    error = await refused_argument(limit=limit)
    assert error.param == "limit"
    assert "0 to 100" in str(error)


@pytest.mark.parametrize("limit", [0, 1, 100])
async def test_a_limit_of_0_to_100_is_sent(limit: int) -> None:
    server = ScriptedServer(rows())
    async with client_of(server) as client:
        await client.threads.list(limit=limit)
    assert server.requests[0].url.params["limit"] == str(limit)


@pytest.mark.parametrize("order", ["", "ASC", "newest", 1])
async def test_an_unknown_order_is_rejected(order: Any) -> None:
    assert (await refused_argument(order=order)).param == "order"


@pytest.mark.parametrize("user", ["", "x" * 513, 7])
async def test_a_user_of_no_or_too_many_characters_is_rejected(user: Any) -> None:
    error = await refused_argument(user=user)
    assert error.param == "user"
    assert "1 to 512" in str(error)


async def test_a_user_of_512_characters_is_sent() -> None:
    server = ScriptedServer(rows())
    async with client_of(server) as client:
        await client.threads.list(user="ü" * 512)
    assert server.requests[0].url.params["user"] == "ü" * 512


@pytest.mark.parametrize("name", ["after", "before"])
async def test_an_empty_cursor_is_rejected(name: str) -> None:
    assert (await refused_argument(**{name: ""})).param == name


async def test_a_lone_surrogate_is_rejected_with_the_name_of_its_argument() -> None:
    assert (await refused_argument(user="a\ud800")).param == "user"
    assert (await refused_argument(after="a\ud800")).param == "after"


async def test_an_address_that_is_too_long_is_rejected() -> None:
    assert "can be sent" in str(await refused_argument(after="x" * 20_000))


@pytest.mark.parametrize(
    "headers", [{"X-Extra": "a\nb"}, {"X Extra": "a"}, {"": "a"}, {"X-Extra": "ü"}, {"a:b": "c"}]
)
async def test_a_header_that_cannot_be_sent_is_rejected(headers: dict[str, str]) -> None:
    assert (await refused_argument(extra_headers=headers)).param == "extra_headers"


@pytest.mark.parametrize("thread_id", ["", ".", ".."])
@pytest.mark.parametrize("method", ["retrieve", "delete", "list_items"])
async def test_an_id_that_would_change_the_path_is_rejected(method: str, thread_id: str) -> None:
    server = ScriptedServer(rows())
    async with client_of(server) as client:
        with pytest.raises(InvalidArgumentError) as caught:
            await getattr(client.threads, method)(thread_id)
    assert caught.value.param == "thread_id"
    assert server.requests == []


@pytest.mark.parametrize("session_id", ["", ".", "..", "\ud800"])
async def test_a_session_id_that_would_change_the_path_is_rejected(session_id: str) -> None:
    server = ScriptedServer(answer(SESSION))
    async with client_of(server) as client:
        with pytest.raises(InvalidArgumentError) as caught:
            await client.sessions.cancel(session_id)
    assert caught.value.param == "session_id"
    assert server.requests == []


@given(value=st.text(st.characters(codec="utf-8"), min_size=1, max_size=30))
def test_any_other_id_is_one_segment_of_a_path(value: str) -> None:
    if value in (".", ".."):
        return
    segment = path_segment(value, "thread_id")
    assert segment.isascii()
    assert not set(segment) & set("/?# \\\x00\n")


async def test_a_rejected_argument_is_a_value_error_as_with_the_sdk() -> None:
    assert isinstance(await refused_argument(limit=101), ValueError)


async def test_a_keyword_that_no_method_has_is_a_type_error() -> None:
    server = ScriptedServer(rows())
    async with client_of(server) as client:
        calls = [client.threads.retrieve, client.threads.delete, client.sessions.cancel]
        for call in calls:
            with pytest.raises(TypeError, match="'extra_header'"):
                await call("cthr_1", extra_header={})  # type: ignore[call-arg]
    assert server.requests == []
