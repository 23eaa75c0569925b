"""Reports of a board (nämnd) on whole months: counted once as a draft, commented on, and fixed by a head."""
