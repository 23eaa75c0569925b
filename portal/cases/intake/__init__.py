"""New cases: submission, receipt codes, access by code, and drafts of the form."""
