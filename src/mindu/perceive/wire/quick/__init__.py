"""Messages read by kernels: the same readings as by the ordinary readers, several times faster."""
