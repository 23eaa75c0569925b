"""The trail of changes, the read log, and the dossier: all that a page shows of one case."""
