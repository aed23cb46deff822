"""An app whose contribution to the week takes its time, so that a worker can be killed in it."""
