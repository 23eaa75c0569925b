"""The queue: filters, their SQL conditions and saved views."""
