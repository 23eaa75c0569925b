"""New cases: submission, receipt codes, access by code, earlier readers, and drafts of the form."""
