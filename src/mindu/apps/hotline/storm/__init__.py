"""The storm night: calls by the model of a flood, heard by road, answered as the road stands."""
