"""Storage: a folder of files with random names, each encrypted in chunks under a key of its own."""
