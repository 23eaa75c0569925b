"""The queue: filters, their SQL conditions, keyset pagination and saved views."""
