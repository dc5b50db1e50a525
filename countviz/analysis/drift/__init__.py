"""How a count goes wrong as strings get longer."""
