"""Where collected rows come from: files, databases, the web, our own series and cases."""
