"""Answers: drafts, templates and their versions, and the rules for both."""
