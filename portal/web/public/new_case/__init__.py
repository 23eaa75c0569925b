"""Sending a new case: its drafts, and how the form becomes a case."""
