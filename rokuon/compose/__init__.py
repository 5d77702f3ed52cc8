"""Where the parts are put together: a function for each thing that a command or a part needs."""
