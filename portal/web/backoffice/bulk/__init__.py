"""One action with many cases."""
