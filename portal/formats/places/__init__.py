"""Formats of places: streets as people write them, and coordinates."""
