"""Recording sessions as values, and what both front doors do to them: begin, pause, refuse, end.

No I/O. Knows neither how SIPREC nor how an inline call came to its session.
"""
