"""The checks of files, without a database."""
