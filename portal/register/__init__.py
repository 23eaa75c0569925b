"""The register (diarium): what has come in to, gone out of or been drawn up at each board (OSL 5:1-2)."""
