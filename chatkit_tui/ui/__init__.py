"""The screen: a Textual app over a source of threads, whichever that is.

`app` has its life cycle. `screens` fill the terminal or lie over it, `threads` and `transcript` are
the two panes of the main screen, `sessions` is the panel, and `actions` has a controller for each
feature.
"""
