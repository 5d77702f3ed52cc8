"""How well an installation is: what is looked at, which alarms that raises, who is told."""
