"""The command line of the senses."""
