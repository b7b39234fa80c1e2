"""What the past says of models that look ahead."""
