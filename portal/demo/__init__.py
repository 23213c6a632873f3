"""The demo: every process on one machine, and one request walked through them over HTTP."""
