"""The figures of a period for heads, analysts, the process owner and the elected: a page and files."""
