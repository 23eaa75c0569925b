"""What a server runs."""

import gc
import sys

from portal import create_app
from portal.config import BadSetting

# What is imported stays: to look for garbage in it, again and again, takes a quarter of the start.
gc.disable()
try:
    app = create_app()
except BadSetting as problem:
    sys.exit(f"Kontakt cannot start:\n{problem}")
gc.freeze()
gc.enable()
