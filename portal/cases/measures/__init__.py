"""Measures: actions taken because of a case, and proposals for improvement."""
