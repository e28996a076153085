"""The screen: a Textual app over the feed and the drawing. It never sees the client itself.

`app` joins the parts. `commands` declares every act once; `screens` are what fills the terminal,
`panes` hold the state of a list or a transcript and do its loading, `widgets` draw.
"""
