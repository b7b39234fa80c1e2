"""The modeller over the wire: models, trials and cases."""
