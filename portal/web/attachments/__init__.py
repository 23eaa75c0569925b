"""Files in forms and on pages: the file field, uploads by script, rows of a message, and their downloads."""
