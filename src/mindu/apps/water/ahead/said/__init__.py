"""What people say of the water, heard as one more sensor with a wide error."""
