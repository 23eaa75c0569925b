"""Office files: zip files with bounds, and what must not be in them."""
