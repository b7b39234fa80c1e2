"""The hotline on the command line: learn, classify, merge, cut addresses."""
