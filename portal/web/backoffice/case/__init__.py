"""The page of a case: actions, forms, conflicts, printing and PDF."""
