"""Messages that were queued: what became of them, for pages and for operations."""
