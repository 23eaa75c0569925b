"""The OpenID Connect client: discovery, requests, token and claim checks, client keys."""
