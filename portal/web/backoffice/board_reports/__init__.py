"""The reports of boards: their list, the page of one, what is written in it, and its files."""
