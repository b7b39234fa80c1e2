"""The contract: every type that goes over the wire, the table of addresses, and OpenAPI of both."""
