"""Budgets: who may do what, how much and in what time, and how that is counted."""
