"""Conversations as HTML: files that run nothing and fetch nothing.

Foreign text is sanitized as on the screen, then escaped. There is no script and no image, and
nothing is referred to but addresses that the reader may follow. A policy in each file says so to
the browser.
"""
