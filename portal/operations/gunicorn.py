"""Settings of gunicorn."""

worker_class = "gthread"
# One process: rate limits are counted in its memory (docs/decisions/0007).
workers = 1
threads = 8
timeout = 60
keepalive = 5
# An address in a log would be a trace of an anonymous sender. Gunicorn's warnings hold the address of a
# malformed request, so only errors are logged.
accesslog = None
loglevel = "error"
control_socket_disable = True
