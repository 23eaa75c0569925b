"""Helpers shared by the audiences: case presentation, rate limits, cookies, redirects."""
