"""Reading: an .inp file taken apart, and the network that it describes, in SI."""
