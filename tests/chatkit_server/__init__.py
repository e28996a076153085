"""A self-hosted ChatKit server: the package `openai-chatkit` behind Starlette, over some stores.

`python -m tests.chatkit_server --store NAME` serves one on loopback, to be looked at in a terminal.
"""
