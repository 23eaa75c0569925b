"""Files: their storage, checks, scan and who may read them, with a database."""
