"""The door for workers and messages: lease, keep, finish, fail, break off, tell; over HTTP."""
