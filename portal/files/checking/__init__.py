"""Checks of a file by its content, in a child process with limits, which makes the derivative as well."""
