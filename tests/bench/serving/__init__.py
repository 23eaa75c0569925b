"""The measured server, the floor beside it, the client, and a mail server that takes everything."""
