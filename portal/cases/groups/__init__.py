"""Groups: duplicates that are answered together, the parts of a case, and related cases."""
