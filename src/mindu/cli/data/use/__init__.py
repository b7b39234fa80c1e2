"""The verbs of use: asking for data, answering, querying, and what a subject may see and say."""
