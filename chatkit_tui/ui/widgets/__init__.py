"""What draws: one widget a file. Nothing here asks for anything from the network."""
