"""Questions about a case at the desk, and replies that are written down there."""
