"""What is one's own: cases, answers known before, corrections, and what came back."""
