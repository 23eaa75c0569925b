"""The OpenID Connect protocol: requests, tokens, clients, and the endpoints that clients call."""
