"""What the brain goes by: promises, judgements, lessons, grants, turns and scores, all folded."""
