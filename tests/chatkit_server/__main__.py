"""Serve a store on loopback, to be looked at in a terminal."""

from __future__ import annotations

import argparse

import uvicorn

from tests.chatkit_server.app import PATH, ChatServer
from tests.chatkit_server.samples import add_thread, fill, messages, with_hidden_stretch
from tests.chatkit_server.stores import STORES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", choices=sorted(STORES), default="memory")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--threads", type=int, default=30)
    parser.add_argument("--token", default="")
    parser.add_argument("--missing", type=int, default=500)
    given = parser.parse_args()
    store = STORES[given.store]()
    fill(store, given.threads, 5)
    add_thread(store, "hidden", with_hidden_stretch("hidden", 45), day=given.threads)
    add_thread(store, "long", messages("long", 250), day=given.threads + 1)
    server = ChatServer(store, token=given.token, missing=given.missing)
    print(f"http://127.0.0.1:{given.port}{PATH}", flush=True)
    uvicorn.run(server.app, host="127.0.0.1", port=given.port, log_level="critical")


main()
