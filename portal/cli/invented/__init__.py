"""Invented data that the demo makes by the commands that people use."""
