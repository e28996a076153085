"""The built-in API with a conversation in it that means harm."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from chatkit_tui.emulator import Emulator
from chatkit_tui.emulator.requests import JSON, Request, Response
from tests.hostile.payloads import LONG_ID, LONG_LINE, OSC_52, PAYLOADS
from tests.render.examples import EXAMPLES
from tests.render.widgets.gallery import GALLERY

_KEPT: Final = {"type", "object", "status", "id", "thread_id", "created_at", "cursor"}


def spoilt(value: JSON, payload: str) -> JSON:
    """The value with a payload before every text in it but those that say what it is."""
    if isinstance(value, str):
        return payload + value
    if isinstance(value, list):
        return [spoilt(entry, payload) for entry in value]
    if isinstance(value, dict):
        return {
            name: entry if name in _KEPT and isinstance(entry, str) else spoilt(entry, payload)
            for name, entry in value.items()
        }
    return value


def hostile_items(payloads: Iterable[str] = PAYLOADS) -> list[JSON]:
    """For each payload, an item of some kind with the payload in every text, and in its id."""
    kinds = [json.loads(item.raw) for item in EXAMPLES.values() if b'"chatkit.' in item.raw]
    widgets = [*GALLERY.values()]
    rows: list[JSON] = []
    for number, payload in enumerate(payloads):
        row = spoilt(kinds[number % len(kinds)], payload)
        tree = spoilt(widgets[number % len(widgets)], payload)
        drawn = {"type": "chatkit.widget", "widget": json.dumps(tree), "id": f"w{number}{payload}"}
        said = {
            "type": "chatkit.assistant_message",
            "id": f"a{number}{payload}",
            "content": [{"type": "output_text", "text": payload, "annotations": []}],
        }
        rows += [{**row, "id": f"{number}{payload}"}, drawn, said]
    text = [{"type": "input_text", "text": LONG_LINE}]
    rows.append({"type": "chatkit.user_message", "id": LONG_ID, "content": text})
    return rows


class HostileEmulator(Emulator):
    """Every text that it sends holds a payload; with `refuses`, every call is refused with one."""

    refuses: str = ""
    """The payload of the refusals; empty where calls are answered."""
    status: int = 400
    """The status of the refusals."""
    escaped: bool = True
    """Whether the JSON is ASCII; if not, half emojis are lost and all else comes as it is."""

    async def respond(self, request: Request) -> Response:
        """The answer of the emulator, spoilt."""
        if self.refuses:
            error = dict.fromkeys(("message", "type", "param", "code"), self.refuses)
            return self._sent(Response(status=self.status, content={"error": error}))
        answer = await super().respond(request._replace(target=request.target.split("§")[0]))
        content = answer.content
        if request.operation == "threads.list_items":
            rows = [] if "after" in request.query else hostile_items()
            if request.query.get("order", "desc") == "desc":
                rows.reverse()
            content = {"object": "list", "data": rows, "has_more": False}
        elif request.operation == "threads.list" and answer.succeeded:
            rows = [
                _spoilt_thread(row, PAYLOADS[number % len(PAYLOADS)])
                for number, row in enumerate(content["data"])
            ]
            content = {**content, "data": rows, "has_more": False}
        elif answer.succeeded:
            payload = PAYLOADS[len(self.requests) % len(PAYLOADS)]
            content = spoilt(content, payload)
            if request.operation == "sessions.create":
                content["id"] += f"§{payload}{OSC_52}"
        return self._sent(answer._replace(content=content))

    def _sent(self, answer: Response) -> Response:
        text = json.dumps(answer.content, ensure_ascii=self.escaped)
        return answer._replace(body=text.encode("utf-8", "replace"))


def _spoilt_thread(row: JSON, payload: str) -> JSON:
    closed = {"type": "closed", "reason": payload} if len(payload) % 2 else {"type": payload}
    return {**spoilt(row, payload), "id": f"{row['id']}§{payload}", "status": closed}
