"""The way of a reading by kernels: the same outcome as by columns of numpy, with fewer passes."""
