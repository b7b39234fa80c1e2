"""Subscriptions: who is told of what, kept until they were."""
