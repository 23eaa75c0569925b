"""The measured figures as tables, as a chart, and against the figures to reach."""
