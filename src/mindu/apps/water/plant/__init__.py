"""The city as it is, in a process of its own: the brain sees its gauges and moves its machines."""
