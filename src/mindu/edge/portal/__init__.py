"""The open portal (开放平台): what anybody may read of the city, ask for, and take away."""
