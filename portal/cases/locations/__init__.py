"""Locations: where a fault is, which open reports are near it, and the reports of each street."""
