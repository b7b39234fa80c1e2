"""The identity provider: who somebody is, told to whom is registered, as far as they agreed."""
