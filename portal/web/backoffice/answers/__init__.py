"""Answer drafts, previews and answer templates."""
