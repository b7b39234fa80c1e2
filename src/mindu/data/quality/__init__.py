"""Quality 质量: rules as declarations, held against rows; what they come to over time."""
