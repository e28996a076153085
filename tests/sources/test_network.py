"""Proxies and certificates, over real sockets on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from chatkit_tui.errors import (
    APIConnectionError,
    APITimeoutError,
    ChatKitError,
    ConfigError,
    ProxyRefusedError,
)
from chatkit_tui.sources.openai import ChatKitClient
from tests.sources.certificates import needs_openssl, self_signed
from tests.sources.scripted import KEY, THREAD

BODY = json.dumps(THREAD).encode()
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY
SERVER = "http://api.test/v1"
"""No name that can be looked up: reached through a proxy or not at all."""
SECURE = "https://api.test/v1"
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir")

Speak: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


class Listener:
    """Speaks with each connection, and counts them."""

    def __init__(self, speak: Speak) -> None:
        self.speak = speak
        self.connections = 0
        self.port = 0
        self._speaking: set[asyncio.Task[None]] = set()

    def begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.create_task(self._serve(reader, writer))
        task.add_done_callback(lambda _: writer.transport.abort())
        self._speaking.add(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await self.speak(reader, writer)
            writer.close()
            await writer.wait_closed()

    async def stop(self) -> None:
        for task in self._speaking:
            task.cancel()
        await asyncio.gather(*self._speaking, return_exceptions=True)


@contextlib.asynccontextmanager
async def listening(
    speak: Speak, encryption: ssl.SSLContext | None = None
) -> AsyncIterator[Listener]:
    listener = Listener(speak)
    server = await asyncio.start_server(listener.begin, "127.0.0.1", 0, ssl=encryption)
    listener.port = server.sockets[0].getsockname()[1]
    async with server:
        yield listener
        await listener.stop()


def says(*replies: bytes) -> Speak:
    """Reads something and sends a reply, for each reply; the last `b""` closes."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for reply in replies:
            await reader.read(65536)
            writer.write(reply)
            await writer.drain()

    return speak


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read everything and send nothing."""
    while await reader.read(65536):
        pass


def client(base_url: str, **settings: Any) -> ChatKitClient:
    async def at_once(seconds: float) -> None:
        del seconds

    return ChatKitClient(
        api_key=KEY, base_url=base_url, **{"timeout": 5, "sleep": at_once, **settings}
    )


async def failure(base_url: str, **settings: Any) -> ChatKitError:
    async with client(base_url, **settings) as calls:
        with pytest.raises(ChatKitError) as caught:
            await calls.threads.retrieve("cthr_1")
    assert str(caught.value).isprintable()
    assert KEY not in str(caught.value)
    return caught.value


# -- which way -------------------------------------------------------------------------------------


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
async def test_the_key_is_sent_to_no_proxy_for_loopback(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(says(ANSWER)) as proxy, listening(says(ANSWER)) as server:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
        async with client(f"http://127.0.0.1:{server.port}/v1") as calls:
            assert (await calls.threads.retrieve("cthr_1")).raw == BODY
    assert (proxy.connections, server.connections) == (0, 1)


async def test_loopback_is_reached_through_a_proxy_if_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with listening(says(ANSWER)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "<-loopback>")
        async with client("http://127.0.0.1:1/v1") as calls:
            assert (await calls.threads.retrieve("cthr_1")).raw == BODY
    assert proxy.connections == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NO_PROXY", "::1/128,fe80::/10,[::1]"),
        ("NO_PROXY", "[::1"),
        ("ALL_PROXY", "socks5://proxy.test:1080"),
        ("ALL_PROXY", "nonsense://proxy"),
        ("HTTPS_PROXY", "nonsense://proxy"),
        ("HTTPS_PROXY", "http://x:port"),
        ("SSL_CERT_FILE", "/not/there.pem"),
        ("SSL_CERT_DIR", "/not/there"),
    ],
)
async def test_settings_that_do_not_apply_are_ignored(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    async with (
        listening(says(ANSWER)) as server,
        client(f"http://127.0.0.1:{server.port}/v1") as calls,
    ):
        assert (await calls.threads.retrieve("cthr_1")).raw == BODY


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("HTTPS_PROXY", "nonsense://proxy", "unknown kind"),
        ("SSL_CERT_FILE", "/not/there.pem", "No such file"),
        ("SSL_CERT_FILE", "/dev/null", "no certificates in it"),
        ("SSL_CERT_FILE", "/", "cannot be used"),
        ("SSL_CERT_DIR", "/not/there", "not a directory"),
    ],
)
def test_an_unusable_setting_is_named_with_its_value(
    name: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=words) as caught:
        client(SECURE)
    assert name in str(caught.value)
    assert value in str(caught.value)


# -- proxies that do not do their work -------------------------------------------------------------

REFUSING: dict[str, tuple[Speak, str, str, int]] = {
    "407": (
        says(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"),
        "asks for a user name and password (407)",
        "USER:PASSWORD@HOST:PORT in HTTPS_PROXY",
        1,
    ),
    "403": (
        says(b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n"),
        "does not allow requests to api.test (403)",
        "put api.test into NO_PROXY",
        1,
    ),
    "404": (
        says(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
        "refused to connect to api.test (404)",
        "Check HTTPS_PROXY",
        1,
    ),
    "502": (
        says(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"),
        "did not connect to api.test (502)",
        "Try again later",
        2,
    ),
    "another protocol": (
        says(b"SSH-2.0-OpenSSH_9.6\r\n"),
        "does not speak HTTP",
        "Check its kind and port in HTTPS_PROXY",
        1,
    ),
    "hangs up": (says(b""), "closed the connection without an answer", "Check HTTPS_PROXY", 2),
    "silence": (silent, "did not answer in time", "Check HTTPS_PROXY", 2),
}


@pytest.mark.parametrize("what", REFUSING)
async def test_a_proxy_that_does_not_connect_is_named(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak, words, advice, tries = REFUSING[what]
    async with listening(speak) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://ada:hunter2@127.0.0.1:{proxy.port}")
        if "asks for" in words:
            monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        patience = 0.2 if speak is silent else 60
        error = await failure(SECURE, timeout=patience, max_retries=1)
    place = f"The proxy http://127.0.0.1:{proxy.port} (HTTPS_PROXY) {words}. "
    assert str(error).startswith(place), error
    assert advice in str(error)
    assert "hunter2" not in str(error)
    assert proxy.connections == tries
    assert isinstance(error, ProxyRefusedError) is (tries == 1)


async def test_a_rejected_proxy_password_is_not_reported_as_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with listening(REFUSING["407"][0]) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://ada:hunter2@127.0.0.1:{proxy.port}")
        error = await failure(SECURE)
    assert "refuses the user name or password (407)" in str(error)


@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
@pytest.mark.parametrize("base_url", [SERVER, SECURE])
async def test_a_proxy_that_is_not_there_is_named(
    scheme: str, base_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(silent) as proxy:
        pass
    monkeypatch.setenv("ALL_PROXY", f"{scheme}://127.0.0.1:{proxy.port}")
    error = await failure(base_url)
    assert "(ALL_PROXY) cannot be reached: nothing listens there. Check ALL_PROXY" in str(error)
    assert isinstance(error, APIConnectionError)


@pytest.mark.parametrize("scheme", ["http", "socks"])
async def test_a_proxy_whose_name_is_unknown_is_named(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", f"{scheme}://nowhere.invalid:3128")
    error = await failure(SECURE)
    assert "nowhere.invalid:3128 (ALL_PROXY) cannot be found" in str(error)


async def test_a_proxy_without_tls_is_reported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with listening(says(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"https://127.0.0.1:{proxy.port}")
        error = await failure(SECURE)
    assert "does not speak TLS. Write http:// for https:// in HTTPS_PROXY." in str(error)
    assert proxy.connections == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n", "asks for a user name and password"),
        (
            b"HTTP/1.1 403 No\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
            "does not allow requests to api.test (403)",
        ),
        (
            b"HTTP/1.1 403 No\r\nContent-Length: 6\r\n\r\ndenied",
            "does not allow requests to api.test (403)",
        ),
    ],
)
async def test_a_proxy_that_rejects_a_request_itself_is_named(
    answer: bytes, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with listening(says(answer)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        error = await failure(SERVER)
    assert words in str(error)
    assert "(HTTP_PROXY)" in str(error)
    assert proxy.connections == 1


@pytest.mark.parametrize("kind", ["text/html", "text/plain"])
async def test_a_web_server_in_place_of_a_proxy_is_named(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = f"HTTP/1.1 404 No\r\nContent-Type: {kind}\r\nContent-Length: 6\r\n\r\n<html>"
    async with listening(says(reply.encode())) as server:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{server.port}")
        error = await failure(SERVER)
    proxy = f"the proxy http://127.0.0.1:{server.port} (HTTP_PROXY)"
    assert f"The response may come from {proxy}, not from the server." in str(error)


async def test_a_failure_behind_a_proxy_names_server_and_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with listening(says(b"\x05\x00")) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        error = await failure(SERVER)
    assert f"{SERVER} through the proxy http://127.0.0.1:{proxy.port} (HTTP_PROXY)" in str(error)


# -- TLS -------------------------------------------------------------------------------------------


async def test_a_tls_handshake_that_is_never_answered_is_a_timeout() -> None:
    async with listening(silent) as server:
        error = await failure(f"https://127.0.0.1:{server.port}/v1", timeout=0.2, max_retries=1)
    assert isinstance(error, APITimeoutError)
    assert "no connection in time" in str(error)
    assert "certificate" not in str(error)
    assert server.connections == 2


async def test_an_interrupted_tls_handshake_is_reported() -> None:
    async with listening(says(b"")) as server:
        error = await failure(f"https://127.0.0.1:{server.port}/v1", timeout=60, max_retries=0)
    assert "ended the connection in the TLS handshake" in str(error)
    assert "None" not in str(error)


@needs_openssl
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_tunnel_encrypts_the_forwarded_request(
    scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, context = self_signed(tmp_path, "api.test")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    passed = bytearray()

    async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        passed.extend(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        inner, outer = await asyncio.open_connection("127.0.0.1", server.port)

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            while data := await source.read(65536):
                passed.extend(data)
                sink.write(data)
                await sink.drain()

        pumps = [asyncio.create_task(pump(reader, outer)), asyncio.create_task(pump(inner, writer))]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in pumps:
                task.cancel()
            outer.transport.abort()

    of_proxy = context if scheme == "https" else None
    async with listening(says(ANSWER), context) as server, listening(tunnel, of_proxy) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://ada:hunter2@127.0.0.1:{proxy.port}")
        async with client(SECURE) as calls:
            assert (await calls.threads.retrieve("cthr_1")).raw == BODY
    assert passed.startswith(b"CONNECT api.test:443 ")
    assert b"Proxy-Authorization: Basic YWRhOmh1bnRlcjI=" in passed
    assert KEY.encode() not in passed


# -- connections that are used again ---------------------------------------------------------------

CHUNK = gzip.compress(BODY)
COMPRESSED = (
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"%x\r\n%b\r\n0\r\n\r\n" % (len(CHUNK), CHUNK)
)
UNASKED = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize(
    ("replies", "connections"),
    [
        ((ANSWER, ANSWER), 1),
        ((COMPRESSED, COMPRESSED), 1),
        ((ANSWER + UNASKED, b""), 2),
        ((ANSWER.replace(b"\r\n", b"\r\nConnection: close\r\n", 1), b""), 2),
    ],
)
async def test_a_connection_is_used_again_if_nothing_is_left_in_it(
    replies: tuple[bytes, ...], connections: int
) -> None:
    async with listening(says(*replies)) as server:
        async with client(f"http://127.0.0.1:{server.port}/v1") as calls:
            for _ in range(2):
                assert (await calls.threads.retrieve("cthr_1")).raw == BODY
        assert server.connections == connections


async def test_a_name_with_two_addresses_is_refused_at_both() -> None:
    async with listening(silent) as server:
        pass
    error = await failure(f"http://localhost:{server.port}/v1", max_retries=0)
    assert "nothing listens there" in str(error)


async def test_no_request_follows_a_failure_over_the_same_connection() -> None:
    """A server may have dropped it already, without announcing that."""
    failed = b"HTTP/1.1 500 Failed\r\nContent-Length: 0\r\n\r\n"
    async with listening(says(failed, ANSWER)) as listener:
        url = f"http://127.0.0.1:{listener.port}/v1"
        error = await failure(url, max_retries=1)
    assert "500" in str(error)
    assert listener.connections == 2
