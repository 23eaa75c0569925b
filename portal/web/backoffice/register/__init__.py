"""The register of a board: its page, its print and its file."""
