"""Files that people send: storage, checks by content, derivatives that are shown, and the virus scan."""
