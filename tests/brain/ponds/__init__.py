"""Apps for the tests of the kernel and of the simulator: small, honest and never shipped."""
