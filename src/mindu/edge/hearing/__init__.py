"""What hears every reading as it comes to count: detectors and fences."""
