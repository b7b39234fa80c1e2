"""The wire: requests in, answers out; guards, sessions and the stream."""
