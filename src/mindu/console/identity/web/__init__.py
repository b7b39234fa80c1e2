"""The provider's pages and addresses: plain forms, whole without a script, in zh and en."""
