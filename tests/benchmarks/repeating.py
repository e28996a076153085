"""A thread of any length, made of a hundred sample items without computing each.

The emulator computes some thousand items a second, which would hide the speed of a client.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from chatkit_tui.emulator import Emulator
from chatkit_tui.emulator.requests import THREADS_LIST_ITEMS, Request, Response

ROWS = 100
"""The number of different items."""


class RepeatingEmulator(Emulator):
    """An emulator in which each thread has `length` items."""

    def __init__(self, length: int) -> None:
        super().__init__(threads=60, items=ROWS)
        self.length = length
        self._patterns: list[bytes] = []

    async def respond(self, request: Request) -> Response:
        """Return a page of repeated items, or the emulator's response."""
        if request.operation != THREADS_LIST_ITEMS:
            return await super().respond(request)
        self.requests.append(request)
        if not self._patterns:
            query = {"order": "asc", "limit": str(ROWS)}
            response = await super().respond(request._replace(query=query))
            self._patterns = _patterns(response.payload())
        return Response(body=self._page(request.query))

    def _page(self, query: Mapping[str, str]) -> bytes:
        limit = int(query.get("limit", "20"))
        step = 1 if query.get("order") == "asc" else -1
        if "after" in query:
            first = int(query["after"].removeprefix("cti_")) + step
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


def _patterns(page: bytes) -> list[bytes]:
    """Return the rows of a page, with a placeholder for each id."""
    patterns = []
    for row in json.loads(page)["data"]:
        row["id"] = "\0"
        text = json.dumps(row, ensure_ascii=False).encode().replace(b"%", b"%%")
        patterns.append(text.replace(b"\\u0000", b"%s", 1))
    return patterns
