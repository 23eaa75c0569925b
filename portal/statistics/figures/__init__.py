"""Figures of a period: every case in exactly one fate, and every promise once."""
