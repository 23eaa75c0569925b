"""Codes and how they are read aloud."""
