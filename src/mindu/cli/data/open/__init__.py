"""The open portal at the command line: tables opened and closed, plans, requests, the doors."""
