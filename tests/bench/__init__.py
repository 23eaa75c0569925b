"""The benchmark: a filled database, the server as it runs in operation, and what its pages cost."""
