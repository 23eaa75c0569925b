"""Settings of gunicorn. No access log: an address in a log would be a trace of somebody anonymous."""

worker_class = "gthread"
workers = 1
threads = 8
timeout = 60
keepalive = 5
accesslog = None
# Warnings of gunicorn name the address of a broken request.
loglevel = "error"
control_socket_disable = True
