"""The package `openai-chatkit`: its types and stores, without the warnings of its own import."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from chatkit import store, types, widgets

__all__ = ["store", "types", "widgets"]
