"""The connection to the database: its engine, and the exceptions that it raises."""
