"""The virus scan of stored files by clamd."""
