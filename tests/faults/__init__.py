"""Every fault of the line and the server, in every place that asks for something."""
