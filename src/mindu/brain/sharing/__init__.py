"""Sharing (共享): asking for data, the owner's answer, agreements, and objections of subjects."""
