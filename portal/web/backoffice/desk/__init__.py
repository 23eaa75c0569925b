"""Questions about a case at the desk, and what is said there."""
