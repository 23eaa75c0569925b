"""Improvements: their list, the page of one, its public text, and the compilations of topics."""
