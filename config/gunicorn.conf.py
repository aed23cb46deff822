"""How the web server runs; `manage.py runall` and the systemd unit both read this."""

from pathlib import Path

from config import env

bind = "{}:{}".format(*env.address())

# Threads, because eight half-sent uploads left a server with eight threads in all without an
# answer for others, and one with sixteen did not mind.
worker_class = "gthread"
workers = env.number("BADU_WEB_WORKERS", 2)
threads = 8
# The application is loaded once and shared; the workers start faster and weigh less.
preload_app = True

timeout = 60
graceful_timeout = 5
keepalive = 5
# Heartbeats go to a file; on a disk, writing it can block a worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# Would be opened in the home folder of whoever starts the server.
control_socket_disable = True

loglevel = "warning"
