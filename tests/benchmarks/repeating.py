"""A thread of any length at the speed of copying: a hundred sample items, over and over.

The emulator tells its stories at some thousand items a second, which would hide what a client can
do.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from chatkit_tui.emulator import DEMO_KEY, DEMO_URL, Emulator

ROWS = 100
"""How many items differ."""


class RepeatingEmulator(Emulator):
    """The emulator, but for the items: each thread has `length` of them."""

    def __init__(self, length: int) -> None:
        super().__init__(threads=60, items=ROWS)
        self.length = length
        self._patterns: list[bytes] = []

    @property
    def app(self) -> Any:
        """The application, with one path answered here."""
        inner = super().app

        async def answer(
            scope: dict[str, Any],
            receive: Callable[[], Awaitable[Any]],
            send: Callable[[Any], Awaitable[None]],
        ) -> None:
            if scope["type"] != "http" or not scope["path"].endswith("/items"):
                await inner(scope, receive, send)
                return
            if not self._patterns:
                self._patterns = await _patterns(inner, scope["path"])
            body = self._page(parse_qs(scope["query_string"].decode()))
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})

        return answer

    def _page(self, query: dict[str, list[str]]) -> bytes:
        limit = int(query.get("limit", ["20"])[0])
        step = 1 if query.get("order") == ["asc"] else -1
        if "after" in query:
            first = int(query["after"][0].removeprefix("cti_")) + step
        else:
            first = 0 if step == 1 else self.length - 1
        last = first + step * limit
        numbers = [number for number in range(first, last, step) if 0 <= number < self.length]
        rows = b",".join(self._patterns[number % ROWS] % _name(number) for number in numbers)
        more = bool(numbers) and 0 <= numbers[-1] + step < self.length
        ends = (_name(numbers[0]), _name(numbers[-1])) if numbers else (b"", b"")
        said = b"true" if more else b"false"
        return b'{"object":"list","data":[%s],"first_id":"%s","last_id":"%s","has_more":%s}' % (
            rows,
            *ends,
            said,
        )


def _name(number: int) -> bytes:
    return b"cti_%d" % number


async def _patterns(inner: Any, path: str) -> list[bytes]:
    """The rows of the first hundred items, with a place for the id in each."""
    import httpx

    headers = {"Authorization": f"Bearer {DEMO_KEY}", "OpenAI-Beta": "chatkit_beta=v1"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(inner), headers=headers) as client:
        address = DEMO_URL.removesuffix("/v1") + path
        answer = await client.get(address, params={"order": "asc", "limit": ROWS})
    patterns = []
    for row in answer.json()["data"]:
        row["id"] = "\0"
        text = json.dumps(row, ensure_ascii=False).encode().replace(b"%", b"%%")
        patterns.append(text.replace(b"\\u0000", b"%s", 1))
    return patterns
