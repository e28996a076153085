"""The package `openai-chatkit`: its types, without the warnings of its own import."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from chatkit import types, widgets

__all__ = ["types", "widgets"]
