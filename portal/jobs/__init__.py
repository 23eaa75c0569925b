"""Recurring work of the worker: when each job is due, who runs it, and how its last run ended."""
