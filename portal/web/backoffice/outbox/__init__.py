"""The page of the outbox for administrators."""
