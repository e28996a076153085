"""What each call does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from chatkit_tui.emulator import calls
from chatkit_tui.emulator.calls import Answer, Call
from chatkit_tui.emulator.cursors import list_page, read_list_query
from chatkit_tui.emulator.demo import DEMO_KEY
from chatkit_tui.emulator.refusals import (
    RefusedError,
    invalid,
    no_beta,
    no_key,
    unknown_path,
    unknown_thread,
    wrong_key,
)

if TYPE_CHECKING:
    from chatkit_tui.emulator.state import Emulator

_BETA = "chatkit_beta=v1"
_LONGEST_USER = 512


def answer_call(emulator: Emulator, call: Call) -> Answer:
    """Check a call and do what it asks; a refusal is an answer too."""
    try:
        _check_headers(call.headers)
        endpoint = _ENDPOINTS.get(call.name)
        if endpoint is None:
            raise unknown_path(call.method, call.path)
        return endpoint(emulator, call)
    except RefusedError as refused:
        return refused.answer


def _check_headers(headers: Mapping[str, str]) -> None:
    """The key first, then the beta header, as the API does."""
    scheme, _, key = headers.get("authorization", "").partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not key:
        raise no_key()
    if key != DEMO_KEY and not key.startswith("sk-"):
        raise wrong_key(key)
    betas = [beta.strip() for beta in headers.get("openai-beta", "").split(",")]
    if _BETA not in betas:
        raise no_beta()


def _list_threads(emulator: Emulator, call: Call) -> Answer:
    query = read_list_query(call.query)
    library = emulator.library
    user = call.query.get("user")
    if user is None:
        return Answer(content=list_page(library, query, wanted=library.exists))
    if not 1 <= len(user) <= _LONGEST_USER:
        raise invalid("user", f"expected 1 to {_LONGEST_USER} characters, got {len(user)}.")
    if not library.knows(user):  # or a million rows would be looked through for nothing
        query = replace(query, limit=0)
    return Answer(
        content=list_page(
            library,
            query,
            wanted=lambda index: library.exists(index) and library.user(index) == user,
        )
    )


def _retrieve_thread(emulator: Emulator, call: Call) -> Answer:
    return Answer(content=emulator.library.row(_find(emulator, call.target)))


def _delete_thread(emulator: Emulator, call: Call) -> Answer:
    emulator.library.delete(_find(emulator, call.target))
    return Answer(content={"id": call.target, "object": "chatkit.thread.deleted", "deleted": True})


def _list_items(emulator: Emulator, call: Call) -> Answer:
    query = read_list_query(call.query)
    conversation = emulator.library.conversation(_find(emulator, call.target))
    return Answer(content=list_page(conversation, query))


def _create_session(emulator: Emulator, call: Call) -> Answer:
    return Answer(content=emulator.sessions.create(call.body))


def _cancel_session(emulator: Emulator, call: Call) -> Answer:
    return Answer(content=emulator.sessions.cancel(call.target))


_ENDPOINTS: Mapping[str, Callable[[Emulator, Call], Answer]] = {
    calls.THREADS_LIST: _list_threads,
    calls.THREADS_RETRIEVE: _retrieve_thread,
    calls.THREADS_DELETE: _delete_thread,
    calls.THREADS_LIST_ITEMS: _list_items,
    calls.SESSIONS_CREATE: _create_session,
    calls.SESSIONS_CANCEL: _cancel_session,
}


def _find(emulator: Emulator, thread_id: str) -> int:
    index = emulator.library.index_of(thread_id)
    if index is None:
        raise unknown_thread(thread_id)
    return index
