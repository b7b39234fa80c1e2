"""The book under the log: its bytes, its digests, its file and its days."""
