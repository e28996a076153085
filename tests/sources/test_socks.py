"""SOCKS proxies, over real sockets on loopback."""

from __future__ import annotations

import httpx
import pytest

from chatkit_tui.sources.http.connection_errors import connection_failure
from chatkit_tui.sources.http.proxies import Proxy
from chatkit_tui.sources.http.request import Request
from chatkit_tui.sources.openai.account import Account
from tests.sources.scripted import KEY
from tests.sources.test_network import (
    ANSWER,
    BODY,
    SECURE,
    SERVER,
    Speak,
    client,
    failure,
    listening,
    says,
    silent,
)
from tests.sources.test_network import no_settings as no_settings


def reply(code: int) -> bytes:
    return bytes((5, code, 0, 1, 127, 0, 0, 1, 0, 80))


@pytest.mark.parametrize("scheme", ["socks", "socks5", "socks5h"])
async def test_requests_are_sent_through_socks(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(says(b"\x05\x00", reply(0), ANSWER)) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"{scheme}://127.0.0.1:{proxy.port}")
        async with client(SERVER) as calls:
            assert (await calls.threads.retrieve("cthr_1")).raw == BODY


async def test_socks_gets_the_user_name_and_password(monkeypatch: pytest.MonkeyPatch) -> None:
    async with listening(says(b"\x05\x02", b"\x01\x00", reply(0), ANSWER)) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5://ada:hunter2@127.0.0.1:{proxy.port}")
        async with client(SERVER) as calls:
            assert (await calls.threads.retrieve("cthr_1")).raw == BODY


@pytest.mark.parametrize(
    ("speak", "words", "tries"),
    [
        (says(b"\x05\xff"), "refuses the user name and password, or wants them", 1),
        (says(b"\x05\x02", b"\x01\x01"), "refuses the user name and password, or wants them", 1),
        (says(b"\x05\x00", reply(2)), "does not allow requests to api.test", 1),
        (says(b"\x05\x00", reply(4)), "did not connect to api.test (Host unreachable)", 2),
        (says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "does not speak SOCKS5", 1),
        (says(b"\x05"), "does not speak SOCKS5", 1),
        (says(b"\x05\x00", b"\x05"), "does not speak SOCKS5", 1),
        (says(b""), "closed the connection without an answer", 2),
        (silent, "did not answer in time", 2),
    ],
)
@pytest.mark.parametrize("base_url", [SERVER, SECURE])
async def test_a_socks_proxy_that_does_not_connect_is_named(
    speak: Speak, words: str, tries: int, base_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(speak) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{proxy.port}")
        patience = 0.2 if speak is silent else 60
        error = await failure(base_url, timeout=patience, max_retries=1)
    assert f"The proxy socks5://127.0.0.1:{proxy.port} (ALL_PROXY) {words}" in str(error), error
    assert proxy.connections == tries


async def test_the_text_of_a_proxy_is_in_the_error_but_in_no_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reasons: list[str] = []
    async with listening(says(b"\x05\x00", reply(4))) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{proxy.port}")
        error = await failure(
            SERVER, max_retries=1, on_retry=lambda retry: reasons.append(retry.reason)
        )
    assert "did not connect to api.test (Host unreachable). " in str(error)
    assert reasons == ["the proxy did not connect to api.test"]


@pytest.mark.parametrize(
    "message",
    [f"Proxy Server could not connect: thread cthr_1 of ada {KEY}.", "502 thread cthr_1 of ada"],
)
def test_no_reason_quotes_the_text_of_a_proxy(message: str) -> None:
    account = Account(api_key=KEY, base_url=SECURE)
    call = Request("DELETE", "/x", subject="x", effect="x was deleted")
    proxy = Proxy("HTTPS_PROXY", "socks5", "proxy.test", 1080)
    failed = connection_failure(httpx.ProxyError(message), call, account, proxy)
    assert failed.words.startswith("the proxy did not connect to api.test")
    assert "cthr_1" not in failed.words
    assert "ada" not in failed.words
    assert KEY not in str(failed.error)
