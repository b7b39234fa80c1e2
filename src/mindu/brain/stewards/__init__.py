"""Stewards 管数: what the city holds is listed, graded and judged by how good it is."""
