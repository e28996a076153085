"""The terminal: the streams it is reached by, and Textual's switches for it.

It imports nothing of the screen.

    streams     standard streams that are closed, and the one that the screen is drawn on
    variables   environment variables that would steer Textual
"""
