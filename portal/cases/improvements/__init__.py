"""Improvements: measures that many cases lead to, and the public texts of what was done."""
