"""Memory: readings as sorted columnar tables that any engine reads in place."""
