"""What commands do beyond one pane: one controller per file."""
