"""Call-backs by link: who was answered is told so, looks, and rates; doors carry the message."""
