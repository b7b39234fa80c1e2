"""The pages: what each needs of a look, and how templates become HTML; whole without script."""
