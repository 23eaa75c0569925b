"""Settings for gunicorn: one process, because the memory is in it, and no access log."""

workers = 1
worker_class = "gthread"
threads = 8
# A browser that keeps its connection open would hold up the stop.
keepalive = 0
graceful_timeout = 10
loglevel = "warning"
control_socket_disable = True
