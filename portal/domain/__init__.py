"""Rules of the site in plain Python: no database, no network, no clock."""
