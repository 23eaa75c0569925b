"""The pages of Mina sidor."""
