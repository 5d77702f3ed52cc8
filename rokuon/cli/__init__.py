"""The command `rokuon`: one module per noun; each translates, none decides."""
