"""Ownership: cases that no handler reaches, who may place them, and what a person who leaves lets go of."""
