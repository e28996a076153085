"""The terminal: what it sends, the streams it is reached by, and Textual's switches for both.

It imports nothing of the screen.

    input_decoder   bytes that the terminal sends → text, control sequences, pasted text
    input_events    the same → Textual's events; the only place that knows Textual's key tables
    streams         standard streams that are closed, and the one that the screen is drawn on
    variables       environment variables that would steer Textual
"""
