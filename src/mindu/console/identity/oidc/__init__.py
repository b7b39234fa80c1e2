"""OpenID Connect: authlib's grants over our registry, tickets and keys."""
