"""The catalogue (目录): what data there is, whose it is, and on which terms it may be used."""
