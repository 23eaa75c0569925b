"""Invented cases, in the millions: words, rows, and how they get into a database."""
